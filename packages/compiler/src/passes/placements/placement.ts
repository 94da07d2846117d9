/**
 * A placement puts a small value somewhere into zeros: the gradient of a slice (PadV2), of a step through a tensor
 * (StridedSliceGrad) or of a gather (GatherV2Grad). A loop over T slices leaves a sum of T placements of full length.
 */
import type { ValueId } from '../../graph/graph';
import type { RuleContext } from '../rules/rule';

export interface BoxPlacement {
  readonly kind: 'box';
  readonly value: ValueId;
  /** The shape of the zeros around the box. */
  readonly shape: readonly number[];
  readonly begin: readonly number[];
  readonly size: readonly number[];
}

export interface GatherPlacement {
  readonly kind: 'gather';
  readonly value: ValueId;
  readonly shape: readonly number[];
  readonly indices: ValueId;
  readonly axis: number;
}

export type Placement = BoxPlacement | GatherPlacement;

/** The placement that a value is, seen through reshapes; undefined if it is none. */
export function placementOf(value: ValueId, context: RuleContext): Placement | undefined {
  const node = context.producer(value);
  switch (node?.kernel) {
    case 'Reshape':
      return placementOf(node.inputs[0], context);
    case 'PadV2': {
      if (node.attrs['constantValue'] !== 0) return undefined;
      const paddings = node.attrs['paddings'] as readonly (readonly number[])[];
      return {
        kind: 'box',
        value: node.inputs[0],
        shape: context.shapeOf(value),
        begin: paddings.map(([before]) => before),
        size: context.shapeOf(node.inputs[0]),
      };
    }
    case 'GatherV2Grad': {
      const { axis, batchDims } = node.attrs as Readonly<Record<string, number | undefined>>;
      if ((batchDims ?? 0) !== 0) return undefined;
      const shape = context.shapeOf(value);
      const resolved = (axis ?? 0) < 0 ? (axis ?? 0) + shape.length : (axis ?? 0);
      return { kind: 'gather', value: node.inputs[0], shape, indices: node.inputs[1], axis: resolved };
    }
    case undefined:
    default:
      return undefined;
  }
}
