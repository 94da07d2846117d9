/** Registers `ref64` with every kernel of the table, and makes it the active backend. */
import * as tfjs from '@tensorflow/tfjs';
import type { DType, NdArray } from '../data/nd-array';
import { findKernel, kernels } from '../kernels';
import { eagerKernels } from '../kernels/convolution';
import type { Attrs, KernelSpec } from '../kernels/kernel';
import { dynamicKernels, type DynamicKernel } from '../kernels/unique';
import { orderedInputs, type NamedInputs } from './kernel-inputs';
import { REF64, Ref64Backend } from './ref64';

/** Above tfjs's own (cpu 1, webgl 2, tensorflow and webgpu 3), so that it is what runs unless chosen otherwise. */
const PRIORITY = 10;

function readInputs(spec: Pick<KernelSpec, 'inputs'>, inputs: NamedInputs, backend: Ref64Backend): NdArray[] {
  return orderedInputs(spec, inputs).map(({ dataId, shape, dtype }) => ({
    data: backend.values(dataId),
    shape,
    dtype: dtype as DType,
  }));
}

function runStatic(spec: KernelSpec): tfjs.KernelFunc {
  return ({ inputs, attrs, backend }) => {
    const ref64 = backend as Ref64Backend;
    const infos = orderedInputs(spec, inputs);
    const operands = readInputs(spec, inputs, ref64);
    const given = (attrs ?? {}) as Attrs;
    const outputs = spec.infer(operands, given);
    const results = spec.compute(operands, given, outputs);
    const made = results.map((data, i) => {
      // A kernel that returns an operand's own array shares its storage.
      const owner = operands.findIndex((x) => x.data === data);
      const { shape, dtype } = outputs[i];
      if (owner < 0) return ref64.adopt(data, shape, dtype);
      ref64.incRef(infos[owner].dataId);
      return { dataId: infos[owner].dataId, shape: shape as number[], dtype };
    });
    return made.length === 1 && spec.returnsList !== true ? made[0] : made;
  };
}

function runDynamic(spec: DynamicKernel): tfjs.KernelFunc {
  return ({ inputs, attrs, backend }) => {
    const ref64 = backend as Ref64Backend;
    const results = spec.compute(readInputs(spec, inputs, ref64), (attrs ?? {}) as Attrs);
    return results.map(({ data, shape, dtype }) => ref64.adopt(data.slice(), shape, dtype));
  };
}

function registerOnce(kernelName: string, kernelFunc: tfjs.KernelFunc): void {
  if (tfjs.getKernel(kernelName, REF64) == null) {
    tfjs.registerKernel({ kernelName, backendName: REF64, kernelFunc });
  }
}

/**
 * Whether someone set a backend by hand: one is active that tfjs would not have picked by itself.
 * (tfjs does not record the difference; a choice of what it would have picked anyway is made after the import.)
 */
export function wasChosen(): boolean {
  const engine = tfjs.engine();
  if (engine.backendName == null) return false;
  const priority = (name: string): number => engine.registryFactory[name]?.priority ?? 0;
  return Object.keys(engine.registryFactory).some((name) => priority(name) > priority(engine.backendName));
}

export function registerRef64(): void {
  for (const name of Object.keys(kernels)) {
    const spec = findKernel(name);
    if (spec) registerOnce(name, runStatic(spec));
  }
  for (const [name, spec] of Object.entries(eagerKernels)) registerOnce(name, runStatic(spec));
  for (const [name, spec] of Object.entries(dynamicKernels)) registerOnce(name, runDynamic(spec));
  if (tfjs.findBackendFactory(REF64) != null) return;
  const chosen = wasChosen();
  tfjs.registerBackend(REF64, () => new Ref64Backend(), PRIORITY);
  // The promise only matters for backends that start asynchronously; this one is active on return.
  if (!chosen) void tfjs.setBackend(REF64);
}
