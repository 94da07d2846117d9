/** Two copies of the package in one process are one stack. */
import * as distributions from '@pyro-ts/distributions';
import * as ops from '@pyro-ts/ops';
import * as core from '../src';

function secondCopy(): typeof core {
  let other: typeof core | undefined;
  jest.isolateModules(() => {
    jest.doMock('@pyro-ts/ops', () => ops);
    jest.doMock('@pyro-ts/distributions', () => distributions);
    other = jest.requireActual<typeof core>('../src');
  });
  return other as typeof core;
}

describe('two copies of the package', () => {
  const other = secondCopy();
  const model = (): ops.tf.Tensor => other.sample('x', distributions.Normal(0, 1));

  it('are not the same module', () => {
    expect(other.sample).not.toBe(core.sample);
  });

  it("handlers of one see the sites of the other, and know the other's traces", () => {
    const t = core.handlers.trace(core.handlers.seed(model, { seed: 0 })).getTrace();
    expect([...t.sites.keys()]).toEqual(['x']);
    expect(other.isTrace(t)).toBe(true);
    const replayed = other.handlers.trace(other.handlers.condition(model, { data: t })).getTrace();
    expect(replayed.data('x')).toEqual(t.data('x'));
  });
});
