/** The distribution that every declared family makes. */
import { formatShape, isConcrete, lift, tf, type RandomKey, type Shape, type TensorLike } from '@pyro-ts/ops';
import { BaseDistribution } from '../base';
import type { Constraint } from '../constraints/constraint';
import { allLast } from '../constraints/parts';
import { isDistribution, type Distribution } from '../distribution';
import type { FamilyOptions } from './arguments';
import { checkParameter, firstFalse, outsideSupport } from './check';
import type { InferredShapes } from './factory';
import type { Draw } from './family';
import { describeHeld, liftHeld, type Held } from './held';
import type { Param } from './params';
import { orPostpone } from './postponed';
import { isKnownInside, validationEnabled } from './settings';
import { logProbShape, sameShape } from './shapes';
import { densityOnSupport, isUnbounded } from './substitute';
import type { Derivations, View, ViewMaker } from './view';
import '../wrappers/independent';
import '../wrappers/expanded';
import '../wrappers/masked';

type Formula = (p: View) => tf.Tensor;
type FormulaAt = (p: View, x: tf.Tensor) => tf.Tensor;

/** A declaration without the types of its parameters. */
export interface ErasedDeclaration {
  readonly name: string;
  readonly derive?: Derivations;
  readonly support: Constraint | ((p: View) => Constraint);
  readonly eventShape?: (shapes: never) => Shape;
  readonly sample?: (p: View, draw: Draw) => tf.Tensor;
  readonly rsample?: (p: View, draw: Draw) => tf.Tensor;
  readonly logProb: FormulaAt;
  readonly infinityIsOutside?: boolean;
  readonly mean?: Formula;
  readonly variance?: Formula;
  readonly mode?: Formula;
  readonly entropy?: Formula;
  readonly cdf?: FormulaAt;
  readonly logCdf?: FormulaAt;
  readonly logSurvival?: FormulaAt;
  readonly icdf?: FormulaAt;
  readonly enumerateSupport?: Formula;
  readonly supportLogProb?: Formula;
}

function broadcast(x: tf.Tensor, shape: Shape): tf.Tensor {
  return sameShape(x.shape, shape) ? x : tf.broadcastTo(x, [...shape]);
}

export class FamilyDistribution extends BaseDistribution {
  readonly family: string;
  readonly batchShape: Shape;
  readonly eventShape: Shape;
  readonly validateArgs: boolean;
  private readonly isExpanded: boolean = false;
  /** Parameters whose values could not be checked. */
  private readonly unchecked: ReadonlySet<string>;

  constructor(
    private readonly declaration: ErasedDeclaration,
    private readonly specs: readonly Param[],
    private readonly held: Readonly<Record<string, unknown>>,
    shapes: InferredShapes,
    private readonly makeView: ViewMaker,
    options: FamilyOptions,
  ) {
    super();
    this.family = declaration.name;
    this.batchShape = shapes.batchShape;
    this.eventShape = shapes.eventShape;
    this.validateArgs = options.validateArgs ?? validationEnabled();
    const all = new Set(specs.map(({ name }) => name));
    this.unchecked = this.validateArgs ? orPostpone(() => this.checkParameters(), all) : all;
  }

  protected get hasPath(): boolean {
    return this.declaration.rsample !== undefined;
  }
  override get hasEnumerateSupport(): boolean {
    return this.declaration.enumerateSupport !== undefined;
  }
  get support(): Constraint {
    return this.supportOf(this.view());
  }
  get params(): Readonly<Record<string, tf.Tensor>> {
    const params: Record<string, tf.Tensor> = {};
    for (const { name, kind } of this.specs) {
      const held = this.held[name];
      if (held === undefined) continue;
      if (kind === 'tensor') params[name] = liftHeld(held as Held);
      if (isDistribution(held)) {
        for (const [inner, x] of Object.entries(held.params)) params[`${name}.${inner}`] = x;
      }
    }
    return params;
  }

  /** One parameter, derived from the others if it was not given. */
  parameter(name: string): unknown {
    const held = this.held[name];
    const spec = this.specs.find((s) => s.name === name);
    if (held !== undefined) return spec?.kind === 'tensor' ? liftHeld(held as Held) : held;
    return tf.tidy(() => this.view()[name] as tf.Tensor | undefined as tf.Tensor);
  }

  validate(): void {
    this.checkParameters();
  }

  withValidateArgs(validateArgs: boolean): Distribution {
    return this.with({ validateArgs });
  }

  protected draw(sampleShape: Shape, key: RandomKey): tf.Tensor {
    const sampler = this.declaration.rsample ?? this.declaration.sample;
    if (sampler === undefined) return this.unsupported('sample');
    const { batchShape, eventShape } = this;
    const shape = this.shape(sampleShape);
    const value = sampler(this.view(), { key, shape, sampleShape, batchShape, eventShape });
    if (sameShape(value.shape, shape)) return value;
    throw new Error(
      `internal: the sampler of ${this.family} drew ${formatShape(value.shape)} instead of ${formatShape(shape)}`,
    );
  }

  logProb(value: TensorLike): tf.Tensor {
    return tf.tidy(() => {
      const given = lift(value, 'float32');
      const shape = logProbShape(this, given.shape, this.batchShape, this.eventShape);
      const p = this.view();
      const support = this.supportOf(p);
      if (!this.needsSubstitution(support, given))
        return broadcast(this.declaration.logProb(p, given), shape);

      const x = broadcast(given, [...shape, ...this.eventShape]);
      const inside = this.isInside(support, x);
      return densityOnSupport(x, inside, support, this.eventShape, (y) => this.declaration.logProb(p, y));
    });
  }

  override get mean(): tf.Tensor {
    return this.moment('mean');
  }
  override get variance(): tf.Tensor {
    return this.moment('variance');
  }
  override get mode(): tf.Tensor {
    return this.moment('mode');
  }
  override entropy(): tf.Tensor {
    const formula = this.declaration.entropy ?? this.unsupported('entropy');
    return tf.tidy(() => broadcast(formula(this.view()), this.batchShape));
  }
  override cdf(value: TensorLike): tf.Tensor {
    return this.at('cdf', value) ?? this.unsupported('cdf');
  }
  override icdf(p: TensorLike): tf.Tensor {
    return this.at('icdf', p) ?? this.unsupported('icdf');
  }
  override logCdf(value: TensorLike): tf.Tensor {
    return this.at('logCdf', value) ?? super.logCdf(value);
  }
  override logSurvival(value: TensorLike): tf.Tensor {
    return this.at('logSurvival', value) ?? super.logSurvival(value);
  }

  override enumerateSupport(options: { expand?: boolean } = {}): tf.Tensor {
    const formula = this.declaration.enumerateSupport ?? this.unsupported('enumerateSupport');
    return tf.tidy(() => {
      const values = formula(this.view());
      const count = values.shape[0];
      const thin = tf.reshape(values, [count, ...this.batchShape.map(() => 1), ...this.eventShape]);
      return options.expand === false ? thin : broadcast(thin, [count, ...this.shape()]);
    });
  }

  override supportLogProb(): tf.Tensor {
    const formula = this.declaration.supportLogProb;
    if (formula === undefined) return super.supportLogProb();
    return tf.tidy(() => {
      const table = formula(this.view());
      const [count, ...own] = table.shape;
      const missing = Array.from({ length: this.batchShape.length - own.length }, () => 1);
      const aligned = missing.length === 0 ? table : tf.reshape(table, [count, ...missing, ...own]);
      return broadcast(aligned, [count, ...this.batchShape]);
    });
  }

  /** No wrapper needed: samplers draw for every element of the batch shape, whatever the parameters' shapes. */
  override expand(batchShape: Shape): Distribution {
    if (sameShape(batchShape, this.batchShape)) return this;
    this.checkExpansion(batchShape);
    return this.with({ batchShape: [...batchShape], isExpanded: true });
  }

  override toString(): string {
    const shown = this.specs
      .filter(({ name }) => this.held[name] !== undefined)
      .map(({ name }) => `${name}: ${describeHeld(this.held[name])}`);
    const expanded = this.isExpanded ? `.expand(${formatShape(this.batchShape)})` : '';
    return `${this.family}(${shown.join(', ')})${expanded}`;
  }

  private view(): View {
    return this.makeView(this.held, this.unchecked);
  }

  private supportOf(p: View): Constraint {
    const { support } = this.declaration;
    return typeof support === 'function' ? support(p) : support;
  }

  /** Checks what can be read and returns the names of what cannot. */
  private checkParameters(): ReadonlySet<string> {
    const unchecked = new Set<string>();
    tf.tidy(() => {
      const view = this.makeView(this.held, unchecked);
      for (const { name, kind, constraint } of this.specs) {
        if (kind !== 'tensor' || this.held[name] === undefined || constraint === undefined) continue;
        const required = typeof constraint === 'function' ? constraint(view as never) : constraint;
        if (!checkParameter(this, name, view[name] as tf.Tensor, required)) unchecked.add(name);
      }
    });
    return unchecked;
  }

  /**
   * Whether some values may lie outside the support: not if they were read and found inside, nor if the support is all numbers.
   * @throws {ConstraintError} if values are checked and one lies outside
   */
  private needsSubstitution(support: Constraint, x: tf.Tensor): boolean {
    if (this.validateArgs && isConcrete(x)) {
      const ok = support.check(x);
      if (isConcrete(ok)) {
        const bad = firstFalse(ok);
        if (bad >= 0)
          throw outsideSupport(
            this.toString(),
            broadcast(x, [...ok.shape, ...this.eventShape]),
            bad,
            support,
          );
        return this.declaration.infinityIsOutside === true && firstFalse(tf.isFinite(x)) >= 0;
      }
    }
    if (this.declaration.infinityIsOutside === true) return true;
    return !isUnbounded(support) && !isKnownInside(x);
  }

  private isInside(support: Constraint, x: tf.Tensor): tf.Tensor {
    const inside = support.check(x);
    if (this.declaration.infinityIsOutside !== true) return inside;
    return tf.logicalAnd(inside, allLast(tf.isFinite(x), this.eventDim));
  }

  private moment(which: 'mean' | 'variance' | 'mode'): tf.Tensor {
    const formula = this.declaration[which] ?? this.unsupported(which);
    return tf.tidy(() => broadcast(formula(this.view()), this.shape()));
  }

  private at(which: 'cdf' | 'icdf' | 'logCdf' | 'logSurvival', value: TensorLike): tf.Tensor | undefined {
    const formula = this.declaration[which];
    return formula && tf.tidy(() => formula(this.view(), lift(value, 'float32')));
  }
}
