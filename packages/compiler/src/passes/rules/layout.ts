/**
 * Given data with one row a variable and many columns, times vectors: kept the other way round, one row an observation.
 * Then a product and its gradient both walk the data in its own order, row by row.
 */
import type { NumericArray } from '@pyro-ts/ops';
import type { Rule, Rules } from './rule';

/** Smaller matrices are in the cache, whichever way they lie. */
const fewestElements = 4096;

const turned = new WeakMap<NumericArray, Float64Array>();

function turn(data: NumericArray, rows: number, columns: number): Float64Array {
  let result = turned.get(data);
  if (result === undefined) {
    result = new Float64Array(data.length);
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++) result[j * rows + i] = data[i * columns + j];
    turned.set(data, result);
  }
  return result;
}

const turnWideData: Rule = (node, context) => {
  const { inputs, attrs, type } = node;
  if (type.dtype !== 'float' || type.shape.length !== 2 || !type.shape.includes(1)) return undefined;
  for (const [side, flag] of [
    [0, 'transposeA'],
    [1, 'transposeB'],
  ] as const) {
    const shape = context.shapeOf(inputs[side]);
    const other = context.shapeOf(inputs[1 - side]);
    const data = context.constantOf(inputs[side]);
    if (data === undefined || context.typeOf(inputs[side]).dtype !== 'float' || other.length !== 2) continue;
    const [rows, columns] = shape;
    if (shape.length !== 2 || rows < 2 || rows >= columns || rows * columns < fewestElements) continue;
    if (!other.includes(1)) continue;
    const matrix = context.data(turn(data, rows, columns), { shape: [columns, rows], dtype: 'float' });
    const operands = side === 0 ? [matrix, inputs[1]] : [inputs[0], matrix];
    return context.emit(node.kernel, operands, { ...attrs, [flag]: attrs[flag] !== true }, type, node.label);
  }
  return undefined;
};

export const layoutRules: Rules = { BatchMatMul: [turnWideData] };
