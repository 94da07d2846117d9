/** From tfjs's named inputs to the ordered inputs of the kernel table. */
import type * as tfjs from '@tensorflow/tfjs';
import type { KernelSpec } from '../kernels/kernel';

export type NamedInputs = Readonly<Record<string, tfjs.TensorInfo | undefined>> | readonly tfjs.TensorInfo[];

/** Inputs in the order of the row; an absent optional one is left out (they come last). */
export function orderedInputs(spec: Pick<KernelSpec, 'inputs'>, inputs: NamedInputs): tfjs.TensorInfo[] {
  if (spec.inputs === 'list') return Object.values(inputs as Record<string, tfjs.TensorInfo>);
  const named = inputs as Readonly<Record<string, tfjs.TensorInfo | undefined>>;
  const ordered: tfjs.TensorInfo[] = [];
  for (const name of spec.inputs) {
    const input = named[name.endsWith('?') ? name.slice(0, -1) : name];
    if (input !== undefined && input !== null) ordered.push(input);
  }
  return ordered;
}
