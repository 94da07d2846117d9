/** What is kept of a chain. */
import type { ChainStep } from './chain';

/** Diagnostics kept for every draw, in this order. */
export const fieldNames = [
  'potentialEnergy',
  'energy',
  'acceptProb',
  'numSteps',
  'treeDepth',
  'diverging',
  'stepSize',
] as const;
export type FieldName = (typeof fieldNames)[number];
type Fields = Readonly<Record<FieldName, Float64Array>>;

const intFields: ReadonlySet<FieldName> = new Set(['numSteps', 'treeDepth']);

/** tfjs's dtype of a field. */
export function fieldType(name: FieldName): 'int32' | 'bool' | 'float32' {
  if (name === 'diverging') return 'bool';
  return intFields.has(name) ? 'int32' : 'float32';
}

/** What a chain samples with, as data. */
export interface AdaptedParameters {
  readonly stepSize: number;
  readonly inverseMassMatrix: Float64Array;
  /** [dim] for a diagonal or low-rank metric (the diagonal of it), [dim, dim] otherwise. */
  readonly shape: readonly number[];
}

/** Consecutive draws, on their way from a worker or to a file. */
export interface DrawChunk {
  /** [count, dim] */
  readonly positions: Float64Array;
  readonly fields: Fields;
  /** Of the transitions that the draws come from, thinned ones included. */
  readonly divergences: number;
  /** With the first draws only. */
  readonly adapted: AdaptedParameters | undefined;
}

function mapFields(f: (name: FieldName) => Float64Array): Fields {
  return Object.fromEntries(fieldNames.map((name) => [name, f(name)])) as Fields;
}

/** Draws of one chain, as far as it has come. */
export class ChainRecord {
  /** [capacity, dim] */
  readonly positions: Float64Array;
  readonly fields: Fields;
  /** Draws kept so far. */
  length = 0;
  /** Of the transitions after the warm-up, thinned ones included. */
  divergences = 0;
  adapted: AdaptedParameters | undefined;
  private taken = { length: 0, divergences: 0 };

  constructor(
    private readonly dim: number,
    capacity: number,
    private readonly thinning: number,
  ) {
    this.positions = new Float64Array(dim * capacity);
    this.fields = mapFields(() => new Float64Array(capacity));
  }

  /** Counts a transition of the sampling phase, and keeps every `thinning`-th. */
  add({ iteration, state, info, parameters: { stepSize, metric } }: ChainStep): void {
    this.adapted ??= {
      stepSize,
      inverseMassMatrix: metric.inverseMassMatrix,
      shape: metric.inverseMassMatrix.length === this.dim ? [this.dim] : [this.dim, this.dim],
    };
    this.divergences += Number(info.diverging);
    if ((iteration + 1) % this.thinning !== 0) return;
    const row = this.length++;
    this.positions.set(state.position, row * this.dim);
    // Field by field: this is done for every draw.
    const { fields } = this;
    fields.potentialEnergy[row] = info.potentialEnergy;
    fields.energy[row] = info.energy;
    fields.acceptProb[row] = info.acceptProb;
    fields.numSteps[row] = info.numSteps;
    fields.treeDepth[row] = info.treeDepth;
    fields.diverging[row] = Number(info.diverging);
    fields.stepSize[row] = stepSize;
  }

  /** The draws from one to before another, and all divergences. Views, not copies. */
  part(first: number, last: number): DrawChunk {
    const { dim, divergences, adapted } = this;
    return {
      positions: this.positions.subarray(first * dim, last * dim),
      fields: mapFields((name) => this.fields[name].subarray(first, last)),
      divergences,
      adapted: first === 0 ? adapted : undefined,
    };
  }

  /** A copy of what came since the last call. */
  take(): DrawChunk {
    const { length, divergences } = this;
    const { positions, fields, adapted } = this.part(this.taken.length, length);
    const chunk = {
      positions: positions.slice(),
      fields: mapFields((name) => fields[name].slice()),
      divergences: divergences - this.taken.divergences,
      adapted,
    };
    this.taken = { length, divergences };
    return chunk;
  }

  append({ positions, fields, divergences, adapted }: DrawChunk): void {
    this.positions.set(positions, this.length * this.dim);
    for (const name of fieldNames) this.fields[name].set(fields[name], this.length);
    this.length += positions.length / this.dim;
    this.divergences += divergences;
    this.adapted ??= adapted;
  }
}
