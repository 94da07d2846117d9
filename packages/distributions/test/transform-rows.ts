/** Rows of the golden table of transforms, and the transforms they speak of. */
import { constraints, bijectTo, transforms, type Constraint, type Transform } from '../src';

export type Numbers = number | Numbers[];

interface Parameters {
  readonly [name: string]: unknown;
}

interface NamedTransform {
  readonly transform: string;
  readonly params?: Parameters;
  readonly variant?: 'vector' | 'matrix';
}

export interface TransformRow extends NamedTransform {
  readonly id: string;
  readonly domain_event_dim: number;
  readonly codomain_event_dim: number;
  readonly x: Numbers;
  readonly x_shape: number[];
  readonly y: Numbers;
  readonly y_shape: number[];
  readonly x_from_y: Numbers | null;
  readonly log_abs_det_jacobian: Numbers | null;
  readonly bijective: boolean;
}

/** Distributions by name, for the transforms that are made of one. */
export type MakeDistribution = (spec: { dist: string; params: Parameters }) => unknown;

const camel = (name: string): string => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/** Complex-valued maps have no place in float64 tensors of numbers. */
const complexValued = new Set([
  'RealFastFourierTransform',
  'PackRealFastFourierCoefficientsTransform',
  'ComplexTransform',
]);

/** Rows whose chart differs from ours on purpose, with the reason; their laws are tested instead. */
export const otherChart: Readonly<Record<string, string>> = {
  positive_ordered_vector: 'ours is cumsum(exp x), as in Stan: exp(ordered(x)) overflows for moderate x',
};

function constraintOf(params: Parameters): Constraint {
  const name = camel(params['constraint'] as string);
  const bounds = [params['lower_bound'], params['upper_bound']].filter((x) => x !== undefined) as number[];
  const entry = (
    constraints as unknown as Record<string, Constraint | ((...bounds: number[]) => Constraint)>
  )[name];
  return typeof entry === 'function' ? entry(...bounds) : entry;
}

function partsOf(params: Parameters, makeDistribution?: MakeDistribution): Transform[] {
  return (params['parts'] as NamedTransform[]).map((part) => {
    const transform = transformOfRow(part, makeDistribution);
    if (transform === undefined) throw new Error(`no transform ${part.transform}`);
    return transform;
  });
}

/** Rows whose event dims count the pieces' axis, while their log|det J| does not: only the latter is compared. */
export const uncountedEventDims: ReadonlySet<string> = new Set(['CatTransform', 'StackTransform']);

/** The transform of a row; undefined if the project has none. */
export function transformOfRow(
  row: NamedTransform,
  makeDistribution?: MakeDistribution,
): Transform | undefined {
  const p = row.params ?? {};
  const number = (name: string): number => p[name] as number;
  const layout = { layout: row.variant ?? 'vector' } as const;
  if (complexValued.has(row.transform)) return undefined;
  switch (row.transform) {
    case 'biject_to':
      return bijectTo(constraintOf(p));
    case 'AffineTransform':
      return transforms.AffineTransform(number('loc'), number('scale'));
    case 'PowerTransform':
      return transforms.PowerTransform(number('exponent'));
    case 'PositivePowerTransform':
      return transforms.PositivePowerTransform(number('exponent'));
    case 'LeakyReLUTransform':
      return transforms.LeakyReLUTransform(number('negative_slope'));
    case 'CumulativeDistributionTransform': {
      const made = makeDistribution?.(p['distribution'] as { dist: string; params: Parameters });
      return made === undefined ? undefined : transforms.CumulativeDistributionTransform(made as never);
    }
    case 'SimplexToOrderedTransform':
      return transforms.SimplexToOrderedTransform(number('anchor_point'));
    case 'LowerCholeskyAffine':
      return transforms.LowerCholeskyAffine(p['loc'] as number[], p['scale_tril'] as number[][]);
    case 'PermuteTransform':
      return transforms.PermuteTransform(p['permutation'] as number[]);
    case 'Normalize':
      return transforms.Normalize(number('p'));
    case 'DiscreteCosineTransform':
      return transforms.DiscreteCosineTransform(number('dim'), number('smooth'));
    case 'HaarTransform':
      return transforms.HaarTransform(number('dim'), p['flip'] as boolean);
    case 'ZeroSumTransform':
      return transforms.ZeroSumTransform(number('transform_ndims'));
    case 'RecursiveLinearTransform':
      return transforms.RecursiveLinearTransform(
        p['transition_matrix'] as number[][],
        p['initial_value'] as number[],
      );
    case 'ReshapeTransform':
      return transforms.ReshapeTransform(p['in_shape'] as number[], p['out_shape'] as number[]);
    case 'LowerCholeskyTransform':
      return transforms.LowerCholeskyTransform(layout);
    case 'SoftplusLowerCholeskyTransform':
      return transforms.SoftplusLowerCholeskyTransform(layout);
    case 'IndependentTransform': {
      const base = transformOfRow(p['base_transform'] as NamedTransform, makeDistribution);
      return base && transforms.IndependentTransform(base, number('reinterpreted_batch_ndims'));
    }
    case 'InverseTransform':
      return transformOfRow(p['base_transform'] as NamedTransform, makeDistribution)?.inv;
    case 'ComposeTransform':
      return transforms.ComposeTransform(partsOf(p, makeDistribution));
    case 'CatTransform':
      return transforms.CatTransform(partsOf(p, makeDistribution), number('dim'), p['lengths'] as number[]);
    case 'StackTransform':
      return transforms.StackTransform(partsOf(p, makeDistribution), number('dim'));
    default: {
      const table = transforms as unknown as Record<string, (() => Transform) | undefined>;
      return table[row.transform]?.();
    }
  }
}
