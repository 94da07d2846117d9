/** What the compiler must accept and refuse. The assertions are types: `tsc` checks them, jest only runs the file. */
import { Normal } from '@pyro-ts/distributions';
import { tf } from '@pyro-ts/ops';
import { createHandler, handlers, plate, sample, type Message, type Model } from '../src';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <T extends true>(proof?: T): void => void proof;

interface Result {
  readonly mu: tf.Tensor;
}
const model = (x: tf.Tensor, y?: readonly number[]): Result => {
  const mu = sample('mu', Normal(0, 1));
  plate('data', x.size, () => sample('y', Normal(mu, 1), { obs: y }));
  return { mu };
};

describe('types', () => {
  it('a model keeps its type under every handler', () => {
    const wrapped = [
      handlers.block(model),
      handlers.condition(model, { data: {} }),
      handlers.do(model, { data: {} }),
      handlers.equalize(model, { sites: [] }),
      handlers.inferConfig(model, { configFn: () => undefined }),
      handlers.lift(model, { prior: Normal(0, 1) }),
      handlers.mask(model, { mask: true }),
      handlers.reparam(model, { config: {} }),
      handlers.scale(model, { scale: 1 }),
      handlers.scope(model, { prefix: 'p' }),
      handlers.seed(model, { seed: 0 }),
      handlers.substitute(model, { data: {} }),
      handlers.uncondition(model),
    ];
    same<Same<(typeof wrapped)[number], Model<[x: tf.Tensor, y?: readonly number[]], Result>>>();
    same<Same<ReturnType<ReturnType<typeof handlers.trace<[x: tf.Tensor], Result>>>, Result>>();
    expect(wrapped.length).toBe(13);
  });

  it('a wrong argument of a model is a compile error', () => {
    const calls = (): void => {
      const seeded = handlers.seed(model, { seed: 0 });
      // @ts-expect-error -- the model takes a tensor
      seeded('x');
      // @ts-expect-error -- the model takes at least one argument
      seeded();
      // @ts-expect-error -- observations are numbers
      handlers.trace(seeded).getTrace(tf.zeros([2]), ['a']);
      // @ts-expect-error -- the result has no such field
      void seeded(tf.zeros([2])).nu;
    };
    expect(calls).toBeDefined();
  });

  it('wrong options of primitives and handlers are compile errors', () => {
    const calls = (): void => {
      // @ts-expect-error -- a family is not a distribution
      sample('x', Normal);
      // @ts-expect-error -- the option is called obs
      sample('x', Normal(0, 1), { observed: 1 });
      // @ts-expect-error -- a plate needs a size
      plate('data');
      // @ts-expect-error -- tensors do not multiply with *
      void (sample('x', Normal(0, 1)) * 2);
      // @ts-expect-error -- scale wants options
      handlers.scale(model);
      // @ts-expect-error -- the prefix is text
      handlers.scope(model, { prefix: 1 });
    };
    expect(calls).toBeDefined();
  });

  it('messages cannot be written', () => {
    createHandler(() => ({
      process(message: Message) {
        // @ts-expect-error -- readonly: use produce
        message.stop = true;
      },
    }));
  });

  it('a kind tells which message it is', () => {
    const familyOf = (message: Message): string | undefined =>
      message.kind === 'sample' ? message.fn.family : undefined;
    expect(familyOf).toBeDefined();
  });

  it('a plate returns what its body returns', () => {
    const n: number = plate('data', 2, () => 3);
    expect(n).toBe(3);
  });
});
