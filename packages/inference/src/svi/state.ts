/** The state of a run: plain immutable data, which can be kept, compared, saved and loaded. */
import { keyFromSeed, toNdArray, type NdArray, type RandomKey } from '@pyro-ts/ops';
import type { OptimState } from '../optim';
import type { ParamValues } from './params';

export interface SviState {
  /** Unconstrained space, by name. */
  readonly params: ParamValues;
  readonly optimState: OptimState;
  /** int32 [2]: the root of the run's random numbers. */
  readonly key: NdArray;
  /** Number of steps taken. */
  readonly step: number;
}

/** The words of a seed or key; the stream of a key is mixed in, so that folded keys start different runs. */
export function rootKey(seed: number | string | RandomKey): NdArray {
  if (typeof seed !== 'object') return keyFromSeed(seed).key as NdArray;
  const words = toNdArray(seed.key).data;
  const [s0, s1] = seed.stream;
  if (s0 === 0 && s1 === 0) return { data: Int32Array.from(words), shape: [2], dtype: 'int32' };
  return keyFromSeed(`${words.join(' ')}/${s0} ${s1}`).key as NdArray;
}

/**
 * The key of a step. Philox takes consecutive numbers as unrelated keys (Salmon et al. 2011, §4), so adding the step
 * is enough, and any step's key is known without the steps before it.
 */
export const stepKey = (key: NdArray, step: number): NdArray => ({
  data: Int32Array.of((key.data[0] + step) | 0, key.data[1]),
  shape: [2],
  dtype: 'int32',
});

type JsonNumber = number | 'NaN' | 'Infinity' | '-Infinity';

interface JsonArray {
  readonly shape: readonly number[];
  readonly data: readonly JsonNumber[];
}

/** What `JSON.stringify` keeps exactly: doubles survive, infinities and NaN are spelled. */
export interface SviStateJson {
  readonly format: 'pyro-ts/svi-state';
  readonly version: 1;
  readonly params: Readonly<Record<string, JsonArray>>;
  readonly optimState: {
    readonly step: number;
    readonly slots: Readonly<Record<string, readonly JsonNumber[]>>;
  };
  readonly key: readonly [number, number];
  readonly step: number;
}

const encode = (data: ArrayLike<number>): JsonNumber[] =>
  Array.from(data, (x) => (Number.isFinite(x) ? x : (String(x) as JsonNumber)));

const decode = (data: readonly JsonNumber[]): Float64Array => Float64Array.from(data, Number);

const mapRecord = <A, B>(record: Readonly<Record<string, A>>, f: (a: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([name, a]) => [name, f(a)]));

export const toJson = ({ params, optimState, key, step }: SviState): SviStateJson => ({
  format: 'pyro-ts/svi-state',
  version: 1,
  params: mapRecord(params, ({ shape, data }) => ({ shape, data: encode(data) })),
  optimState: { step: optimState.step, slots: mapRecord(optimState.slots, encode) },
  key: [key.data[0], key.data[1]],
  step,
});

export const fromJson = ({ params, optimState, key, step }: SviStateJson): SviState => ({
  params: mapRecord(params, ({ shape, data }) => ({ shape, data: decode(data), dtype: 'float32' as const })),
  optimState: { step: optimState.step, slots: mapRecord(optimState.slots, decode) },
  key: { data: Int32Array.from(key), shape: [2], dtype: 'int32' },
  step,
});
