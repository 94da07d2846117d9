/** How far a program's outputs move when every intermediate result is rounded a little worse. */
import { findKernel, type DType, type NdArray, type NumericArray } from '@pyro-ts/ops';
import type { Graph, ValueDType, ValueId } from '../../src/graph/graph';
import { runControl } from '../../src/reference/control';
import { interpret } from '../../src/reference/executor';
import { generator } from '../../src/wasm/codegen/cases';
import type { FuzzProgram } from './generate';

const labels: Readonly<Record<ValueDType, DType>> = { float: 'float32', int: 'int32', bool: 'bool' };

/** Relative size of the disturbances: what executors are allowed a kernel (1e-12) is ten times as much. */
const disturbance = 1e-13;
const runs = 5;

/** One run of a program with its intermediate results disturbed. */
interface Run {
  /** Which one it is. */
  readonly turn: number;
  readonly random: () => number;
  /** Whether there were factors whose order decides between a number, an infinity and NaN. */
  readonly seen: { extremes: boolean };
}

/** The reference, with every float multiplied by 1 + O(1e-13), and zeros of either sign. */
function disturbed(graph: Graph, inputs: readonly NumericArray[], run: Run): NumericArray[] {
  const { random } = run;
  const shake = (data: NumericArray, kernel: string): NumericArray => {
    if (data instanceof Float64Array)
      return data.map((x) =>
        x === 0 ? (random() < 0.5 ? 0 : -0) : x * (1 + (random() - 0.5) * 2 * disturbance),
      );
    // The reference multiplies integers in floating point: what overflows 32 bits is not told apart.
    if (data instanceof Int32Array && !kernel.startsWith('Philox'))
      return data.map((x) => (Math.abs(x) > 2 ** 25 ? x * random() : x));
    return data;
  };
  const known = new Map<ValueId, NumericArray>(graph.constants);
  graph.inputs.forEach(({ value }, i) => known.set(value, inputs[i]));
  for (const node of graph.nodes) {
    const spec = findKernel(node.kernel);
    const typed = (value: ValueId) => ({
      shape: graph.values[value].shape,
      dtype: labels[graph.values[value].dtype],
    });
    const operands = node.inputs.map((v) => ({ ...typed(v), data: known.get(v) as NumericArray }));
    const results =
      node.subgraphs === undefined
        ? (spec?.compute(operands, node.attrs, node.outputs.map(typed)) ?? [])
        : runControl(node, operands, (body, data) => disturbed(body, data, run));
    const shaken = results.map((data, i) => {
      const result = { ...typed(node.outputs[i]), data: shake(data, node.kernel) };
      return liberty(node.kernel, operands, result, run);
    });
    node.outputs.forEach((output, i) => known.set(output, shaken[i]));
  }
  return graph.outputs.map((output) => known.get(output) as NumericArray);
}

const isExtreme = (x: number): boolean => {
  const size = Math.abs(x);
  return (size > 1e150 && size < Infinity) || (size < 1e-150 && size > 0);
};

/** What comes of extreme factors in another order: NaN (for an infinity that meets another) or 0, if they are extreme. */
function reordered(
  operands: readonly NdArray[],
  result: NdArray,
  { turn, seen }: Run,
): Float64Array | undefined {
  if (![...operands, result].some(({ data }) => data.some(isExtreme))) return undefined;
  seen.extremes = true;
  return turn % 3 === 0 ? undefined : new Float64Array(result.data.length).fill(turn % 3 === 1 ? NaN : 0);
}

/** What some kernels may do beyond rounding. */
function liberty(kernel: string, operands: readonly NdArray[], result: NdArray, run: Run): NumericArray {
  const { data: results } = result;
  const { random } = run;
  if (kernel === 'Equal' || kernel === 'NotEqual') return equality(operands, result, random);
  // A quotient beyond 32 bits has no integer.
  if (kernel === 'FloorDiv' && results instanceof Int32Array) {
    const output = { shape: result.shape, dtype: 'float32' as const };
    const [quotients] = findKernel('RealDiv')?.compute(operands, {}, [output]) ?? [];
    return results.map((y, i) => (Math.abs(quotients[i]) >= 2 ** 31 && run.turn % 2 === 1 ? ~y : y));
  }
  if (!(results instanceof Float64Array)) return results;
  switch (kernel) {
    // x − log Σ eˣ, to an ulp of 1: the largest element's may be much smaller.
    case 'LogSoftmax':
      return results.map((y) => y + (random() - 0.5) * 2 ** -52);
    // Factors in any order (products.ts): of huge and tiny ones some order overflows, or vanishes.
    case 'Multiply':
    case 'Square': {
      return reordered(operands, result, run) ?? results;
    }
    // s · scatter(x) for scatter(s · x): 0 · ∞ where nothing is scattered to (rules/linear.ts).
    case 'GatherV2Grad': {
      const doubtful = !operands[0].data.every(Number.isFinite) && random() < 0.5;
      return doubtful ? results.map((y) => (y === 0 ? NaN : y)) : results;
    }
    // x · (1/y), whose reciprocal overflows where |y| < 2^−1024 (rules/division.ts).
    case 'RealDiv': {
      const [x, y] = operands;
      const extreme = reordered(operands, result, run);
      if (extreme !== undefined) return extreme;
      const isTiny = (b: number): boolean => b !== 0 && Math.abs(b) < 2 ** -1024;
      if (!(y.data instanceof Float64Array) || !y.data.some(isTiny)) return results;
      const reciprocals = { ...y, data: y.data.map((b) => 1 / b) };
      const output = { shape: result.shape, dtype: 'float32' as const };
      return findKernel('Multiply')?.compute([x, reciprocals], {}, [output])[0] ?? results;
    }
    // 0/NaN and 0/0 are 0, but may be NaN where the divisor is a sum of what is positive, or an exponential that has
    // underflowed (rules/nonzero.ts); and NaN can be 0 where the dividends of several cancel (linear-sums.ts).
    case 'Xdivy': {
      const extreme = reordered(operands, result, run);
      if (extreme !== undefined) return extreme;
      // The same in all divisions of a run: what cancels must do so together.
      if (run.turn % 3 === 0) return results;
      const open = operands[1].data.some((b: number) => Number.isNaN(b) || b === 0);
      const [from, to] = run.turn % 3 === 1 ? [0, NaN] : [NaN, 0];
      return open ? results.map((y) => (Object.is(y + 0, from) ? to : y)) : results;
    }
    // Any order of the factors: some overflow on the way, or vanish.
    case 'Prod': {
      let [growth, decay] = [0, 0];
      for (const x of operands[0].data) {
        const size = Math.log(Math.abs(x));
        if (size > 0) growth += size;
        else decay -= size;
      }
      const doubtful = (growth > 700 || (decay > 700 && decay < Infinity)) && random() < 0.5;
      return doubtful ? results.map((y) => (Number.isNaN(y) ? 0 : NaN)) : results;
    }
    default:
      return results;
  }
}

/** Whether two numbers are equal that come out nearly so (e^log x and x) is open: rounding may make them meet. */
function equality(
  operands: readonly NdArray[],
  { data: results, shape }: NdArray,
  random: () => number,
): NumericArray {
  if (operands.some(({ data }) => !(data instanceof Float64Array))) return results;
  const output = [{ shape, dtype: 'float32' as const }];
  const [differences] = findKernel('Sub')?.compute(operands, {}, output) ?? [];
  const sizes = operands.map((x) => ({ ...x, data: x.data.map(Math.abs) }));
  const [larger] = findKernel('Maximum')?.compute(sizes, {}, output) ?? [];
  return results.map((y: number, i: number) => {
    const difference = Math.abs(differences[i]);
    const isOpen = difference > 0 && difference <= 4 * disturbance * larger[i];
    return isOpen && random() < 0.5 ? 1 - y : y;
  });
}

export interface Expectation {
  readonly values: readonly NumericArray[];
  /** Greatest deviation allowed for each element; Infinity where the program is too ill-conditioned to tell. */
  readonly bounds: readonly Float64Array[];
}

const sameKind = (a: number, b: number): boolean =>
  Number.isFinite(a) ? Number.isFinite(b) : Object.is(a, b);

export function expectation({ graph, data }: FuzzProgram, seed: number): Expectation {
  const values = interpret(graph, data);
  const bounds = values.map((array) => Float64Array.from(array, (y) => 1e-12 * Math.abs(y) + 1e-300));
  const random = generator(seed + 1);
  for (let turn = 0; turn < runs; turn++) {
    const seen = { extremes: false };
    disturbed(graph, data, { turn, random, seen }).forEach((array, k) =>
      array.forEach((y: number, i: number) => {
        const expected = values[k][i];
        if (!sameKind(y, expected) || (seen.extremes && !Number.isFinite(expected))) bounds[k][i] = Infinity;
        else if (Number.isFinite(y)) bounds[k][i] = Math.max(bounds[k][i], 100 * Math.abs(y - expected));
      }),
    );
  }
  return { values, bounds };
}

/** The first element that is out of bounds, in words. */
export function deviation(expected: Expectation, actual: readonly NumericArray[]): string | undefined {
  for (const [k, values] of expected.values.entries()) {
    if (actual[k]?.length !== values.length)
      return `output ${k} has ${actual[k]?.length} elements, expected ${values.length}`;
    for (let i = 0; i < values.length; i++) {
      const bound = expected.bounds[k][i];
      if (bound === Infinity) continue;
      const [a, b] = [actual[k][i], values[i]];
      const close = sameKind(a, b) && (!Number.isFinite(b) || Math.abs(a - b) <= bound);
      if (!close) return `output ${k}[${i}] is ${a}, expected ${b} ± ${bound}`;
    }
  }
  return undefined;
}
