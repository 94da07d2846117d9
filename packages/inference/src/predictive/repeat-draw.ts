/** Runs one draw many times: first eagerly, then as a program. */
import { compile, TracedValueError, type CompiledFunction } from '@pyro-ts/compiler';
import { withoutValidation } from '@pyro-ts/core';
import { lift, scoped, toNdArray, type NdArray, type tf } from '@pyro-ts/ops';
import type { Draws } from './draws';

type Tensors = Readonly<Record<string, tf.Tensor>>;

/** @param index int32 scalar: which draw @param given values of sites */
export type DrawOnce = (index: tf.Tensor, given: Tensors) => Tensors;

/** Fewer draws than this cost less than compiling. */
const worthCompiling = 16;

const mapRecord = <A, B>(record: Readonly<Record<string, A>>, f: (a: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([name, a]) => [name, f(a)]));

const eagerly = (draw: DrawOnce, i: number, given: Draws): Draws =>
  scoped(() =>
    mapRecord(
      draw(
        lift(i, 'int32'),
        mapRecord(given, (value) => lift(value)),
      ),
      toNdArray,
    ),
  );

interface Compiled {
  readonly program: CompiledFunction;
  /** Names of the outputs, in their order. */
  readonly names: readonly string[];
}

/** Undefined for a model that reads the value of a tensor, or whose shapes change from run to run. */
function compiledFor(draw: DrawOnce, given: Draws): Compiled | undefined {
  const sites = Object.keys(given);
  const inputs = [
    { shape: [], dtype: 'int32' as const },
    ...Object.values(given).map(({ shape, dtype }) => ({ shape, dtype })),
  ];
  let names: readonly string[] = [];
  const flat = (index: tf.Tensor, ...values: tf.Tensor[]): tf.Tensor[] => {
    const drawn = draw(index, Object.fromEntries(sites.map((name, i) => [name, values[i]])));
    names = Object.keys(drawn);
    return Object.values(drawn);
  };
  try {
    return { program: withoutValidation(() => compile(flat, { inputs })), names };
  } catch (error) {
    if (error instanceof TracedValueError) return undefined;
    throw error;
  }
}

function run({ program, names }: Compiled, i: number, given: Draws): Draws {
  const data = program.run([Int32Array.of(i), ...Object.values(given).map((value) => value.data)]);
  const named = names.map((name, k): [string, NdArray] => [
    name,
    { data: data[k].slice(), shape: program.outputs[k].shape, dtype: program.outputs[k].dtype },
  ]);
  return Object.fromEntries(named);
}

/**
 * Draws 0 … count − 1. Arguments and values are checked in the first one, which runs eagerly; the others differ from it
 * in their numbers only.
 */
export function repeatDraw(draw: DrawOnce, givenAt: (i: number) => Draws, count: number): Draws[] {
  const rows = [eagerly(draw, 0, givenAt(0))];
  const compiled = count >= worthCompiling ? compiledFor(draw, givenAt(0)) : undefined;
  for (let i = 1; i < count; i++) {
    const given = givenAt(i);
    rows.push(
      compiled === undefined ? withoutValidation(() => eagerly(draw, i, given)) : run(compiled, i, given),
    );
  }
  compiled?.program.dispose();
  return rows;
}
