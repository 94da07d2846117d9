/** Products of a large matrix with vectors along its rows, forth and back: what is worth doing block by block. */
import { sizeOf } from '@pyro-ts/ops';
import type { PlanNode } from './plan';
import { squeezed, type View } from './view';

export interface RowProduct {
  /** `forward`: one number a row, Σ_j X[i, j]·v[j]. `back`: one number a column, Σ_i w[i]·X[i, j]. */
  readonly kind: 'forward' | 'back';
  /** The product is to be read as Cᵀ = Bᵀ·Aᵀ. */
  readonly turn: boolean;
  readonly matrix: View;
  readonly vector: View;
  readonly rows: number;
  readonly columns: number;
}

interface Side {
  readonly view: View;
  readonly row: number;
  readonly column: number;
}

function side(view: View, flip: unknown): Side {
  const [row, column] = view.strides.slice(-2);
  return flip === true ? { view, row: column, column: row } : { view, row, column };
}

/** Only one matrix by one vector, with the matrix's rows contiguous. */
export function rowProduct({ kernel, operands, attrs, space }: PlanNode): RowProduct | null {
  if (kernel !== 'BatchMatMul' || squeezed(space).length > 1 || space.length !== 2) return null;
  const [m, n] = space;
  const { transposeA, transposeB } = attrs;
  const a = side(operands[0], transposeA);
  const b = side(operands[1], transposeB);
  const k = operands[0].shape.at(transposeA === true ? -2 : -1) as number;
  const plain = { m, n, a, b, turn: false };
  const turned = {
    m: n,
    n: m,
    a: { view: b.view, row: b.column, column: b.row },
    b: { view: a.view, row: a.column, column: a.row },
    turn: true,
  };
  for (const p of [plain, turned]) {
    if (p.n === 1 && p.m > 1 && p.a.column === 1 && p.a.row === k && p.b.row === 1) {
      const [matrix, vector] = [p.a.view, p.b.view];
      return { kind: 'forward', turn: p.turn, matrix, vector, rows: p.m, columns: k };
    }
    if (p.m === 1 && p.n > 1 && p.b.column === 1 && p.b.row === p.n && p.a.column === 1) {
      const [matrix, vector] = [p.b.view, p.a.view];
      return { kind: 'back', turn: p.turn, matrix, vector, rows: k, columns: p.n };
    }
  }
  return null;
}

/** The whole of a value, in any shape. */
export const readsWholly = ({ root, offset, shape, literal }: View, value: number, size: number): boolean =>
  literal === undefined && root === value && offset === 0 && sizeOf(shape) === size;
