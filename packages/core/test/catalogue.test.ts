/** Models that must fail, word by word, and models that must work. */
import { Normal } from '@pyro-ts/distributions';
import { tf } from '@pyro-ts/ops';
import { deterministic, handlers, param, plate, sample } from '../src';
import { scoring } from './catalogue/failure';
import { handlerMisuse } from './catalogue/handlers';
import { names } from './catalogue/names';
import { plates } from './catalogue/plates';
import { shapes } from './catalogue/shapes';
import { values } from './catalogue/values';

describe('models that must fail', () => {
  const failures = [...names, ...shapes, ...plates, ...values, ...handlerMisuse];
  it.each(failures.map((failure) => [failure.title, failure] as const))('%s', (_, { run, message }) => {
    const before = tf.memory().numTensors;
    let error: unknown;
    tf.tidy(() => {
      try {
        run();
      } catch (caught) {
        error = caught;
      }
    });
    expect(String(error).split('\n')).toEqual(message);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('models that must work', () => {
  const works: readonly (readonly [string, () => unknown])[] = [
    ['no site at all', () => 1],
    ['a full plate opened twice', () => [plate('data', 2, () => 1), plate('data', 2, () => 2)]],
    ['a parameter asked for twice', () => [param('w', 1), param('w', 1)]],
    ['batch dims without plates', () => sample('y', Normal([0, 0, 0], 1), { obs: [1, 2, 3] })],
    ['an observed table in nested plates', () => plate('columns', 3, () => plate('rows', 2, () => sample('y', Normal(0, 1), { obs: [[1, 2, 3], [4, 5, 6]] })))],
    ['a local variable of the outer plate seen in the inner one', () => plate('outer', 2, () => {
      const x = sample('x', Normal(0, 1));
      plate('inner', 3, () => sample('y', Normal(x, 1)));
    })],
    ['plates side by side share a dim', () => [plate('a', 2, () => sample('x', Normal(0, 1))), plate('b', 3, () => sample('y', Normal(0, 1)))]],
    ['a vectorised plate in a loop', () => {
      for (const i of plate('steps', 2)) plate('data', 3, () => sample(`x_${i}`, Normal(0, 1)));
    }],
    ['a loop in a vectorised plate', () => plate('data', 3, () => {
      for (const i of plate('steps', 2)) sample(`x_${i}`, Normal(0, 1));
    })],
    ['control flow on plain data', () => (new Date(0).getTime() === 0 ? sample('a', Normal(0, 1)) : sample('b', Normal(0, 1)))],
    ['recursion', () => {
      const walk = (n: number, x: tf.Tensor): tf.Tensor => (n === 0 ? x : walk(n - 1, sample(`x_${n}`, Normal(x, 1))));
      return walk(3, tf.zeros([]));
    }],
    ['a closure under handlers of its own', () => handlers.scale(() => sample('x', Normal(0, 1)), { scale: 2 })()],
    ['a size-one plate', () => plate('data', 1, () => sample('x', Normal(0, 1), { obs: [1] }))],
    ['a deterministic site in a plate', () => plate('data', 2, () => deterministic('d', [1, 2]))],
  ]; // prettier-ignore
  it.each(works)('%s', (_, model) => {
    const before = tf.memory().numTensors;
    expect(Number.isFinite(scoring(model))).toBe(true);
    expect(tf.memory().numTensors).toBe(before);
  });
});
