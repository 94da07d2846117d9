/** Small hierarchical models drawn at random, for laws that must hold whatever the model is. */
import { Normal } from '@pyro-ts/distributions';
import { lift, tf } from '@pyro-ts/ops';
import fc from 'fast-check';
import { deterministic, factor, param, plate, sample } from '../src';

interface SiteSpec {
  readonly kind: 'sample' | 'observed' | 'deterministic' | 'factor' | 'param';
  /** Which of the earlier sites is the location. */
  readonly parent: number;
  readonly scale: number;
  /** Size of the plate around the site; 0: none. */
  readonly plate: number;
}

const spec: fc.Arbitrary<SiteSpec> = fc.record({
  kind: fc.constantFrom('sample', 'sample', 'observed', 'deterministic', 'factor', 'param'),
  parent: fc.nat(5),
  scale: fc.double({ min: 0.1, max: 3, noNaN: true }),
  plate: fc.constantFrom(0, 0, 2, 3),
});

export interface ArbitraryModel {
  readonly run: (shift: number) => tf.Tensor;
  readonly latent: readonly string[];
  readonly observed: readonly string[];
  readonly params: readonly string[];
}

/** Sites `s0`, `s1`, …; a plated site's children see its mean, so that shapes stay simple. */
export const arbitraryModel: fc.Arbitrary<ArbitraryModel> = fc
  .array(spec, { minLength: 1, maxLength: 6 })
  .map((specs) => ({
    run: (shift: number) => {
      const values: tf.Tensor[] = [lift(shift)];
      specs.forEach((site, i) => {
        const parent = values[site.parent % values.length];
        const body = (): tf.Tensor => visit(`s${i}`, site, parent);
        const value = site.plate === 0 ? body() : plate(`p${i}`, site.plate, body);
        values.push(tf.mean(value));
      });
      return values.reduce((a, b) => tf.add(a, b));
    },
    latent: namesOf(specs, 'sample'),
    observed: namesOf(specs, 'observed'),
    params: namesOf(specs, 'param'),
  }));

function visit(name: string, { kind, scale }: SiteSpec, parent: tf.Tensor): tf.Tensor {
  switch (kind) {
    case 'sample':
      return sample(name, Normal(parent, scale));
    case 'observed':
      return sample(name, Normal(parent, scale), { obs: scale });
    case 'deterministic':
      return deterministic(name, tf.mul(parent, scale));
    case 'param':
      return param(name, scale);
    case 'factor':
      factor(name, tf.mul(parent, -scale));
      return parent;
    default:
      return kind satisfies never;
  }
}

function namesOf(specs: readonly SiteSpec[], kind: SiteSpec['kind']): readonly string[] {
  return specs.flatMap((site, i) => (site.kind === kind ? [`s${i}`] : []));
}
