/** Models that must fail, word by word, and models that must work. */
import { tf } from '@pyro-ts/ops';
import { scoring } from './catalogue/failure';
import { handlerMisuse } from './catalogue/handlers';
import { names } from './catalogue/names';
import { plates } from './catalogue/plates';
import { shapes } from './catalogue/shapes';
import { values } from './catalogue/values';
import { working } from './catalogue/working';

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
  it.each(working)('$title', ({ model }) => {
    const before = tf.memory().numTensors;
    expect(Number.isFinite(scoring(model))).toBe(true);
    expect(tf.memory().numTensors).toBe(before);
  });
});
