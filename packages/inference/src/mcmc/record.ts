/** What is kept of a chain. */
import type { HmcParameters } from '../integrators/phase-point';
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

const intFields: ReadonlySet<FieldName> = new Set(['numSteps', 'treeDepth']);

/** tfjs's dtype of a field. */
export function fieldType(name: FieldName): 'int32' | 'bool' | 'float32' {
  if (name === 'diverging') return 'bool';
  return intFields.has(name) ? 'int32' : 'float32';
}

/** Draws of one chain, as far as it has come. */
export class ChainRecord {
  /** [capacity, dim] */
  readonly positions: Float64Array;
  readonly fields: Readonly<Record<FieldName, Float64Array>>;
  /** Draws kept so far. */
  length = 0;
  /** Of the transitions after the warm-up, thinned ones included. */
  divergences = 0;
  parameters: HmcParameters | undefined;

  constructor(
    private readonly dim: number,
    capacity: number,
    private readonly thinning: number,
  ) {
    this.positions = new Float64Array(dim * capacity);
    const column = (): [FieldName, Float64Array][] =>
      fieldNames.map((name) => [name, new Float64Array(capacity)]);
    this.fields = Object.fromEntries(column()) as Record<FieldName, Float64Array>;
  }

  /** Counts a transition of the sampling phase, and keeps every `thinning`-th. */
  add({ iteration, state, info, parameters }: ChainStep): void {
    this.parameters = parameters;
    this.divergences += Number(info.diverging);
    if ((iteration + 1) % this.thinning !== 0) return;
    const row = this.length++;
    this.positions.set(state.position, row * this.dim);
    for (const name of fieldNames) {
      this.fields[name][row] = Number(name === 'stepSize' ? parameters.stepSize : info[name]);
    }
  }
}
