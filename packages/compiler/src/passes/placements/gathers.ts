/** Sums of gather gradients that scatter into one shape along one axis: one scatter of all. */
import { sizeOf } from '@pyro-ts/ops';
import type { ValueId, ValueType } from '../../graph/graph';
import type { RuleContext } from '../rules/rule';
import type { GatherPlacement } from './placement';

/** Worth it while copying the cotangents together costs less than the passes over the whole that it saves. */
export function gathersAreSparse(gathers: readonly GatherPlacement[], context: RuleContext): boolean {
  const held = gathers.reduce((sum, { value }) => sum + sizeOf(context.shapeOf(value)), 0);
  return gathers.length > 1 && held < gathers.length * sizeOf(gathers[0].shape);
}

export function mergeGathers(
  gathers: readonly GatherPlacement[],
  type: ValueType,
  context: RuleContext,
): ValueId {
  const { axis } = gathers[0];
  const around = (count: number): number[] => type.shape.map((n, i) => (i === axis ? count : n));
  const counts = gathers.map(({ indices }) => sizeOf(context.shapeOf(indices)));
  const total = counts.reduce((sum, n) => sum + n, 0);
  const dys = gathers.map(({ value }, i) => context.reshape(value, around(counts[i])));
  const indices = gathers.map((gather, i) => context.reshape(gather.indices, [counts[i]]));
  const { dtype } = type;
  const dy = context.emit('Concat', dys, { axis }, { shape: around(total), dtype });
  const places = context.emit('Concat', indices, { axis: 0 }, { shape: [total], dtype: 'int' });
  return context.emit('GatherV2Grad', [dy, places], { axis, batchDims: 0, shape: type.shape }, type);
}
