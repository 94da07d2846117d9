/** `defineFamily`: one short declaration becomes a factory, checks, broadcasting, printing and all derived methods. */
import type { RandomKey, Shape, tf } from '@pyro-ts/ops';
import type { Constraint } from '../constraints/constraint';
import type { Distribution } from '../distribution';
import type { FamilyOptions } from './arguments';
import { defineFactory, type Factory, type InferredShapes } from './factory';
import { FamilyDistribution, type ErasedDeclaration } from './family-distribution';
import { hold } from './held';
import {
  flattenParams,
  type Param,
  type ParamNames,
  type Params,
  type ParamShapes,
  type ParamView,
} from './params';
import { inferFamilyShapes } from './infer-shapes';
import { viewMaker } from './view';

/** What a sampler is asked for. It must draw fresh randomness for every element of `shape`; parameters broadcast to it. */
export interface Draw {
  readonly key: RandomKey;
  /** [...sampleShape, ...batchShape, ...eventShape] */
  readonly shape: Shape;
  readonly sampleShape: Shape;
  readonly batchShape: Shape;
  readonly eventShape: Shape;
}

type Formula<P extends Params> = (p: ParamView<P>) => tf.Tensor;
type FormulaAt<P extends Params> = (p: ParamView<P>, x: tf.Tensor) => tf.Tensor;

export interface FamilyDeclaration<P extends Params> {
  readonly name: string;
  /** One sentence: what it is the law of. */
  readonly description: string;
  /** Textbook, paper or equation. */
  readonly source: string;
  /** In positional order. */
  readonly params: P;
  /** Members of a group in terms of the others. */
  readonly derive?: { readonly [N in ParamNames<P>]?: (p: ParamView<P>) => unknown };
  readonly support: Constraint | ((p: ParamView<P>) => Constraint);
  /** Default: scalar events. */
  readonly eventShape?: (shapes: ParamShapes<P>) => Shape;
  /** Draws without a path. */
  readonly sample?: (p: ParamView<P>, draw: Draw) => tf.Tensor;
  /** Draws that are differentiable in the parameters; serves `sample` too. */
  readonly rsample?: (p: ParamView<P>, draw: Draw) => tf.Tensor;
  /** Log density inside the support. `x` is float; where the value lies outside, `x` is some feasible value and the result is not used. */
  readonly logProb: FormulaAt<P>;
  /** The formula does not reach its limit −∞ at ±∞ by itself, so infinite values count as outside the support. */
  readonly infinityIsOutside?: boolean;
  readonly mean?: Formula<P>;
  readonly variance?: Formula<P>;
  readonly mode?: Formula<P>;
  readonly entropy?: Formula<P>;
  /** On the whole real line: 0 below the support, 1 above. */
  readonly cdf?: FormulaAt<P>;
  readonly logCdf?: FormulaAt<P>;
  readonly logSurvival?: FormulaAt<P>;
  readonly icdf?: FormulaAt<P>;
  /** All values, shape [count, ...eventShape]; the batch dims are added. */
  readonly enumerateSupport?: (p: ParamView<P>) => tf.Tensor;
  /** Log probabilities of all values at once, shape [count, ...batch]. Default: `logProb` at each of them. */
  readonly supportLogProb?: Formula<P>;
}

/** A distribution of this family, with a getter for each parameter that does not clash with a method. */
export type FamilyInstance<P extends Params> = Distribution & {
  readonly [N in Exclude<ParamNames<P>, keyof Distribution>]: ParamView<P>[N];
};

/** `const { params, shapes } = …` aside, everything a user can do with a family follows from its declaration. */
export function defineFamily<const P extends Params>(
  declaration: FamilyDeclaration<P>,
): Factory<P, FamilyInstance<P>> {
  const erased = declaration as unknown as ErasedDeclaration;
  const specs: readonly Param[] = flattenParams(declaration.params);
  const makeView = viewMaker(specs, erased.derive ?? {});
  const infer = (values: Readonly<Record<string, unknown>>): InferredShapes =>
    inferFamilyShapes(declaration.name, specs, values, erased.eventShape);

  class Family extends FamilyDistribution {}
  for (const { name } of specs) {
    if (name in FamilyDistribution.prototype) continue;
    Object.defineProperty(Family.prototype, name, {
      get(this: FamilyDistribution) {
        return this.parameter(name);
      },
    });
  }

  const make = (values: Readonly<Record<string, unknown>>, options: FamilyOptions): FamilyInstance<P> => {
    const held: Record<string, unknown> = {};
    for (const spec of specs) {
      if (values[spec.name] !== undefined) held[spec.name] = hold(declaration.name, spec, values[spec.name]);
    }
    return new Family(erased, specs, held, infer(held), makeView, options) as unknown as FamilyInstance<P>;
  };
  const { name, description, source, params } = declaration;
  return defineFactory({ name, description, source, params, make, inferShapes: infer });
}
