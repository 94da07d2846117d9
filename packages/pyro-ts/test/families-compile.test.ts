/** Every family is made of tensor operations only: its density, gradient and sampler trace, and give the same numbers compiled. */
import { jit } from '@pyro-ts/compiler';
import { families, type AnyFactory } from '@pyro-ts/distributions';
import { keyFromSeed, lift, tf, type TensorLike } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import { familyCases, type FamilyCase } from '../../distributions/test/family-cases';

const numbers = (x: tf.Tensor): number[] => Array.from(x.dataSync());

/** Parameters that may be traced: tensors, but not counts, which decide on the shapes of supports. */
function traceable(factory: AnyFactory, row: FamilyCase): string[] {
  const specs = factory.parameters.flatMap((e) => ('alternatives' in e ? [...e.alternatives] : [e]));
  return specs
    .filter(
      ({ kind, constraint }) =>
        kind === 'tensor' && (typeof constraint === 'function' || constraint?.isDiscrete === false),
    )
    .map(({ name }) => name)
    .filter((name) => row.params[name] !== undefined);
}

describe.each(familyCases.map((row) => [row.family, row] as const))('%s, compiled', (family, row) => {
  const factory = families.get(family) as AnyFactory;
  const names = traceable(factory, row);
  const points = (): tf.Tensor[] => names.map((name) => lift(row.params[name] as TensorLike, 'float32'));
  const make = (tensors: readonly tf.Tensor[]) =>
    factory({ ...row.params, ...Object.fromEntries(names.map((name, i) => [name, tensors[i]])) });

  it('has the eager log density and gradient', () => {
    const value = lift(row.value, 'float32');
    const isDiscrete = make(points()).isDiscrete;
    const density = (...xs: tf.Tensor[]): tf.Tensor =>
      tf.sum(make(xs.slice(1)).logProb(isDiscrete ? value : xs[0]));
    const gradients = (...xs: tf.Tensor[]): tf.Tensor[] =>
      isDiscrete
        ? [
            density(...xs),
            ...(names.length > 0 ? tf.grads((...ps: tf.Tensor[]) => density(xs[0], ...ps))(xs.slice(1)) : []),
          ]
        : [density(...xs), ...tf.grads(density)(xs)];
    const compiled = jit(gradients, { executor: 'reference' });
    const args = [value, ...points()];
    const eager = gradients(...args).flatMap(numbers);
    expectClose(compiled(...args).flatMap(numbers), eager, { rel: 1e-12, abs: 1e-13 });
    expect(eager.every(Number.isFinite)).toBe(true);
  });

  it('draws the eager numbers from the same key, and others from another', () => {
    const draw = (key: tf.Tensor, ...xs: tf.Tensor[]): tf.Tensor =>
      make(xs).sample([5], { key: { key, stream: [1, 2] } });
    const compiled = jit(draw, { executor: 'reference' });
    const key = (seed: number): tf.Tensor => lift(keyFromSeed(seed).key, 'int32');
    const first = numbers(compiled(key(0), ...points()));
    expectClose(first, numbers(draw(key(0), ...points())), { rel: 1e-13 });
    expect(first).not.toEqual(numbers(compiled(key(1), ...points())));
    expect(compiled.cacheSize()).toBe(1);
  });
});
