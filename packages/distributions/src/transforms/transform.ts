/** What a transform is, and the way to declare one. */
import { lift, type Shape, type TensorLike, type tf } from '@pyro-ts/ops';
import { describeCall, sameArguments, type Arguments } from '../constraints/argument';
import type { Constraint } from '../constraints/constraint';
import { UnsupportedError } from '../errors';
import { invert } from './inverse';

/** Transforms are recognised by this brand: two copies of the package may share a process. */
export const transformBrand: unique symbol = Symbol.for('pyro-ts.transform') as never;

/** What `callWithIntermediates` found on the way, for `logAbsDetJacobian` not to compute it again. */
export type Intermediates = unknown;

/** A differentiable map, made of tensor operations only. Nothing is cached in it: the caller keeps x, y and intermediates. */
export interface Transform {
  readonly [transformBrand]: true;
  readonly name: string;
  readonly args: Arguments;
  readonly domain: Constraint;
  readonly codomain: Constraint;
  /** Whether `inverse` undoes `call`; if not, it gives some x and there is no `logAbsDetJacobian`. */
  readonly bijective: boolean;
  /** Whether each number is mapped to a + b · number: means and variances then follow those of the argument. */
  readonly isAffine: boolean;
  /** The inverse map; `t.inv.inv` is `t`. */
  readonly inv: Transform;
  /** +1 for increasing, −1 for decreasing maps of numbers. Throws UnsupportedError for all others. */
  readonly sign: TensorLike;
  /** @param x shape [...batch, ...domain event] @returns shape [...batch, ...codomain event] */
  call(x: TensorLike): tf.Tensor;
  /** @param y shape [...batch, ...codomain event] @returns shape [...batch, ...domain event] */
  inverse(y: TensorLike): tf.Tensor;
  /** log |det ∂y/∂x| of y = call(x), shape [...batch]: event dims are summed. Computed from whichever of x and y keeps the digits. */
  logAbsDetJacobian(x: TensorLike, y: TensorLike, intermediates?: Intermediates): tf.Tensor;
  /** y = call(x), with what it can hand over to `logAbsDetJacobian(x, y, intermediates)`. */
  callWithIntermediates(x: TensorLike): { readonly y: tf.Tensor; readonly intermediates?: Intermediates };
  /** Shape of call(x) for a shape of x. */
  forwardShape(shape: Shape): Shape;
  /** Shape of inverse(y) for a shape of y. */
  inverseShape(shape: Shape): Shape;
  /** Structural: same name, equal arguments. */
  equals(other: unknown): boolean;
  toString(): string;
}

/** A transform's own declaration; the rest derives from it. */
export interface TransformSpec {
  readonly name: string;
  readonly args?: Arguments;
  readonly domain: Constraint;
  readonly codomain: Constraint;
  readonly sign?: TensorLike;
  readonly isAffine?: boolean;
  forward(x: tf.Tensor): tf.Tensor;
  backward(y: tf.Tensor): tf.Tensor;
  /** Absent: the map is not bijective. */
  readonly logDet?: (x: tf.Tensor, y: tf.Tensor, intermediates?: Intermediates) => tf.Tensor;
  readonly forwardWithIntermediates?: (x: tf.Tensor) => {
    readonly y: tf.Tensor;
    readonly intermediates?: Intermediates;
  };
  readonly forwardShape?: (shape: Shape) => Shape;
  readonly inverseShape?: (shape: Shape) => Shape;
}

export function isTransform(x: unknown): x is Transform {
  return typeof x === 'object' && x !== null && transformBrand in x;
}

const notBijective = (transform: string): UnsupportedError =>
  new UnsupportedError(
    `${transform} is not bijective, so it has no log-determinant.`,
    'use a bijection, for instance bijectTo(constraint), where a change of variables is needed.',
  );

const noSign = (transform: string): UnsupportedError =>
  new UnsupportedError(
    `${transform} is neither increasing nor decreasing, so it has no sign.`,
    'use a monotone map of numbers where cdf or icdf of a transformed distribution are needed.',
  );

const same = (shape: Shape): Shape => shape;

/** Makes a transform, a user's own included. */
export function defineTransform(spec: TransformSpec): Transform {
  const args = spec.args ?? {};
  const text = describeCall(spec.name, args);
  const { logDet, forwardWithIntermediates } = spec;
  let inverted: Transform | undefined;
  const transform: Transform = {
    [transformBrand]: true,
    name: spec.name,
    args,
    domain: spec.domain,
    codomain: spec.codomain,
    bijective: logDet !== undefined,
    isAffine: spec.isAffine ?? false,
    get inv() {
      inverted ??= invert(transform);
      return inverted;
    },
    get sign() {
      if (spec.sign === undefined) throw noSign(text);
      return spec.sign;
    },
    call: (x) => spec.forward(lift(x)),
    inverse: (y) => spec.backward(lift(y)),
    logAbsDetJacobian(x, y, intermediates) {
      if (logDet === undefined) throw notBijective(text);
      return logDet(lift(x), lift(y), intermediates);
    },
    callWithIntermediates: (x) => forwardWithIntermediates?.(lift(x)) ?? { y: spec.forward(lift(x)) },
    forwardShape: spec.forwardShape ?? same,
    inverseShape: spec.inverseShape ?? same,
    equals: (other) => isTransform(other) && other.name === spec.name && sameArguments(args, other.args),
    toString: () => text,
  };
  return transform;
}
