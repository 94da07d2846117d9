/** Matrix products of which one factor is shared by all examples: one product with more rows, which reads it once. */
import type { BatchRule, Operand } from './context';
import { broadcasting } from './elementwise-rules';

const isMatrix = ({ type: { shape } }: Operand): boolean => shape.length === 2;

export const matrixProduct: BatchRule = (node, batch) => {
  const [a, b] = node.operands;
  const { transposeA = false, transposeB = false } = node.attrs as Readonly<Record<string, boolean>>;
  const [m, n] = node.types[0].shape.slice(-2);
  if (!isMatrix(a) || !isMatrix(b) || a.batched === b.batched) return broadcasting(node, batch);
  const k = a.type.shape[transposeA ? 0 : 1];
  const whole = [batch.size, m, n];
  // The rows of all examples under each other.
  if (a.batched && !transposeA) {
    const rows = batch.reshape(a.value, [batch.size * m, k]);
    const [product] = batch.emit(node, [rows, b.value], { ...node.attrs, transposeA: false, transposeB });
    return [batch.reshape(product, whole)];
  }
  // A matrix times a vector of each example: the vectors are rows of (A·B)ᵀ = Bᵀ·Aᵀ.
  if (b.batched && n === 1) {
    const rows = batch.reshape(b.value, [batch.size, k]);
    const attrs = { ...node.attrs, transposeA: false, transposeB: !transposeA };
    const [product] = batch.emit(node, [rows, a.value], attrs);
    return [batch.reshape(product, whole)];
  }
  return broadcasting(node, batch);
};
