/** A posterior with a known answer (posteriordb 1.0, copied into packages/testing/posteriordb). */
import type { Model } from '@pyro-ts/core';
import type { NdArray } from '@pyro-ts/ops';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

type Numbers = number | readonly Numbers[];
export type Data = Readonly<Record<string, Numbers>>;

/** What a right sampler finds for one scalar. */
export interface ReferenceParameter {
  readonly mean: number;
  readonly sd: number;
  readonly mcse_mean: number;
  readonly q05: number;
  readonly q50: number;
  readonly q95: number;
}

export interface Reference {
  /** By scalar: `beta[1]` is the first entry of `beta`. */
  readonly parameters: Readonly<Record<string, ReferenceParameter>>;
  readonly log_joint_checks: {
    readonly offset_if_renormalised: Readonly<Record<string, number>>;
    readonly points: readonly { readonly values: Data; readonly log_joint: number }[];
  };
  readonly unconstrained_checks: {
    readonly points: readonly {
      readonly u: Readonly<Record<string, number>>;
      readonly log_density: number;
      readonly gradient: Readonly<Record<string, number>>;
    }[];
  };
}

export interface Posterior {
  readonly name: string;
  /** The model with its data. Sites have the names of the reference. */
  readonly model: Model<[]>;
  readonly reference: Reference;
  /** How much larger its log density is than the reference's, whose half priors are not renormalised. */
  readonly offset: number;
}

export interface PosteriorDeclaration {
  readonly name: string;
  /** What is different from the model of the same name in `posteriors`. */
  readonly variant?: string;
  /** Parameters whose half prior is a proper distribution in the model: keys of `offset_if_renormalised`. */
  readonly renormalised?: readonly string[];
  readonly model: (data: Data) => Model<[]>;
}

const folder = join(__dirname, '..', '..', '..', 'testing', 'posteriordb');

function read<T>(name: string, file: string): T {
  return JSON.parse(readFileSync(join(folder, name, file), 'utf8')) as T;
}

/** Reads data and reference of a declared posterior. */
export function loadPosterior({ name, renormalised = [], model }: PosteriorDeclaration): Posterior {
  const reference = read<Reference>(name, 'reference.json');
  const offsets = reference.log_joint_checks.offset_if_renormalised;
  return {
    name,
    model: model(read<Data>(name, 'data.json')),
    reference,
    offset: renormalised.reduce((sum, parameter) => sum + offsets[parameter], 0),
  };
}

/** A row of the data as numbers. */
export function vector(data: Data, name: string): Float64Array {
  return Float64Array.from(data[name] as readonly number[]);
}

export function scalar(data: Data, name: string): number {
  return data[name] as number;
}

/** Columns side by side: [n, columns]. */
export function design(columns: readonly ArrayLike<number>[]): NdArray {
  const n = columns[0].length;
  const values = new Float64Array(n * columns.length);
  for (const [j, column] of columns.entries()) {
    for (let i = 0; i < n; i++) values[i * columns.length + j] = column[i];
  }
  return { data: values, shape: [n, columns.length], dtype: 'float32' };
}

/** 1 where the level is `level`, else 0. */
export function indicator(levels: ArrayLike<number>, level: number): Float64Array {
  return Float64Array.from(levels, (value) => Number(value === level));
}

export function constant(n: number, value = 1): Float64Array {
  return new Float64Array(n).fill(value);
}
