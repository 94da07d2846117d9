import { Bernoulli, Normal } from '@pyro-ts/distributions';
import { formatShape, lift, tf } from '@pyro-ts/ops';
import * as handlers from '../handlers';
import { plate } from '../primitives/plate';
import { sample } from '../primitives/sample';
import { withHandler } from './handler';
import { rehearse } from './rehearse';

const model = (): tf.Tensor => tf.add(sample('a', Normal(0, 1)), sample('b', Bernoulli(0.5)));

/** Gives 100 to what nobody has given a value, and notes its name and batch shape. */
const asked = (names: string[]) => (run: () => tf.Tensor) =>
  withHandler(run, () => ({
    process(message) {
      if (message.kind !== 'sample' || message.value !== undefined) return;
      names.push(`${message.name} ${formatShape(message.fn.batchShape)}`);
      return { ...message, value: lift(100) };
    },
  }));

describe('rehearse', () => {
  it('has the answers of the handlers around, and asks outside of them last', () => {
    const names: string[] = [];
    const total = handlers.substitute(() => rehearse(model, asked(names)), { data: { a: 2 } })();
    expect(total.dataSync()[0]).toBe(102);
    expect(names).toEqual(['b []']);
  });

  it('is not recorded, so that its sites can be met again; the plates around it are there', () => {
    const names: string[] = [];
    const twice = (): void => {
      plate('data', 3, () => {
        rehearse(model, asked(names));
        model();
      });
    };
    const found = handlers.trace(handlers.seed(twice, { seed: 0 })).getTrace();
    expect(names).toEqual(['a [3]', 'b [3]']);
    expect([...found.sites.keys()]).toEqual(['data', 'a', 'b']);
    expect(found.data('a').shape).toEqual([3]);
  });

  it('asks through blocks, and with no handler around', () => {
    for (const around of [handlers.block(() => rehearse(model, asked([]))), () => rehearse(model, asked([]))])
      expect(around().dataSync()[0]).toBe(200);
  });

  it('leaves the stack as it was, also after an error', () => {
    const fails = (): void =>
      void expect(() => rehearse(() => { throw new Error('no'); }, (run) => run)).toThrow('no'); // prettier-ignore
    const found = handlers.trace(() => (fails(), sample('c', Normal(0, 1), { obs: 1 }))).getTrace();
    expect([...found.sites.keys()]).toEqual(['c']);
  });
});
