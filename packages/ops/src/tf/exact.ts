/** Wraps tfjs ops so that numbers and arrays among their arguments become tensors of 53 bits before tfjs sees them. */
import * as tfjs from '@tensorflow/tfjs';
import { isTensor, lift, type TensorLike } from '../data/tensor-like';
import type { DType } from '../data/nd-array';

/**
 * What the arguments of an op are, one letter each: `n` a tensor of any type, `b` of booleans, `i` of integers,
 * `f` of floats, `l` a list of tensors, `*` all the rest are tensors, `-` not a tensor.
 */
export type Signature = string;

const DTYPES: Readonly<Record<string, DType | undefined>> = { b: 'bool', i: 'int32', f: 'float32' };

/** Strings and what tfjs alone can explain are left to tfjs. */
function isLiftable(x: unknown): x is TensorLike {
  if (x === null || x === undefined || isTensor(x)) return false;
  let leaf: unknown = x;
  while (Array.isArray(leaf)) leaf = (leaf as unknown[])[0];
  if (typeof leaf === 'number' || typeof leaf === 'boolean' || (leaf === undefined && Array.isArray(x)))
    return true;
  return ArrayBuffer.isView(leaf) || (typeof x === 'object' && 'data' in x && 'shape' in x && 'dtype' in x);
}

/** A literal as a tensor of the type that `code` says; anything else unchanged. */
export function liftArgument(x: unknown, code: string): unknown {
  if (code === '-') return x;
  if (code === 'l') return Array.isArray(x) ? x.map((item) => liftArgument(item, 'n')) : x;
  return isLiftable(x) ? lift(x, DTYPES[code]) : x;
}

const needsLift = (x: unknown, code: string): boolean =>
  code === 'l' ? Array.isArray(x) && x.some(isLiftable) : isLiftable(x);

const codeAt = (signature: Signature, i: number): string => {
  const star = signature.indexOf('*');
  return star >= 0 && i >= star ? 'n' : (signature[i] ?? '-');
};

function liftAll(args: readonly unknown[], signature: Signature): unknown[] {
  return args.map((x, i) => {
    const code = codeAt(signature, i);
    return code === '-' ? x : liftArgument(x, code);
  });
}

/** Runs a function whose intermediate tensors go when it returns, as tfjs does inside its ops. */
export function inScope<R>(f: () => R): R {
  const engine = tfjs.engine();
  engine.startScope('exact');
  let result: R | undefined;
  try {
    result = f();
    return result;
  } finally {
    engine.endScope(result as unknown as tfjs.Tensor);
  }
}

/** Calls `op` on `self` (for methods) with exact tensors in place of literals. */
export function callExact(
  op: (...args: unknown[]) => unknown,
  self: unknown,
  args: unknown[],
  signature: Signature,
): unknown {
  if (!args.some((x, i) => codeAt(signature, i) !== '-' && needsLift(x, codeAt(signature, i)))) {
    return op.apply(self, args);
  }
  return inScope(() => op.apply(self, liftAll(args, signature)));
}

/** Where tfjs takes its TensorLike, Float64Arrays and NdArrays are welcome too. */
type Wide<P> = tfjs.TensorLike extends P ? P | TensorLike : P;
type WideArguments<A extends unknown[]> = { [K in keyof A]: Wide<A[K]> };

/** The type of an op, then its wider form. */
export type Exact<F> = F extends (...args: infer A) => infer R ? F & ((...args: WideArguments<A>) => R) : F;

/** The op with exact literals. */
export function exact<F>(op: F, signature: Signature): Exact<F> {
  const call = op as (...args: unknown[]) => unknown;
  return ((...args: unknown[]) => callExact(call, undefined, args, signature)) as Exact<F>;
}

/** The same for an op that returns a Promise: its literals live until that settles. */
export function exactAsync<F>(op: F, signature: Signature): F {
  const call = op as (...args: unknown[]) => Promise<unknown>;
  return (async (...args: unknown[]) => {
    const lifted = liftAll(args, signature);
    try {
      return await call(...lifted);
    } finally {
      lifted.forEach((x, i) => {
        if (x !== args[i] && isTensor(x)) x.dispose();
      });
    }
  }) as F;
}

/** A namespace of ops with exact literals. */
export function exactAll<N extends object>(
  namespace: N,
  signatures: { readonly [K in keyof N]?: Signature },
): N {
  const wrapped = { ...namespace } as Record<string, unknown>;
  for (const [name, signature] of Object.entries(signatures)) {
    wrapped[name] = exact(wrapped[name], signature as Signature);
  }
  return wrapped as N;
}
