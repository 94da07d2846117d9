/** The sampler as a module beside a program, in the program's memory. */
import { wasmKit, type WasmProgram } from '@pyro-ts/compiler';
import { bufferCode } from './buffer-code';
import { dynamicsCode } from './dynamics-code';
import { hmcCode } from './hmc-code';
import { layOut, type Layout, type WasmMetricKind } from './layout';
import { metricCode } from './metric-code';
import { nutsCode } from './nuts-code';
import { randomCode } from './random-code';
import { segmentCode } from './segment-code';
import { weightCode } from './weight-code';
import type { Context } from './writer';

export interface SamplerModule {
  readonly layout: Layout;
  readonly memory: WebAssembly.Memory;
  /** One transition of at most so many doublings. */
  readonly nuts: (maxTreeDepth: number) => void;
  /** One transition of so many steps. */
  readonly hmc: (steps: number) => void;
}

/** Room for the constants of the module: those of Philox, of the normal quantile and of the exponential. */
const constantBytes = 2048;

export interface SamplerShape {
  readonly dim: number;
  readonly kind: WasmMetricKind;
  /** Deeper trees need more memory. */
  readonly maxTreeDepth: number;
  /** Most eigenvectors of a low-rank metric. */
  readonly maxRank: number;
}

/** A module before it is linked: nothing in it is of one density but addresses. Plain data that threads can be sent. */
export interface SamplerCode {
  readonly module: WebAssembly.Module;
  /** Constants, and where they belong. */
  readonly image: Uint8Array;
  readonly start: number;
  readonly scalarKernels: readonly string[];
}
export type NamedCode = readonly [key: string, code: SamplerCode];

/** Codes by what they are a function of. Kept for the next run: the engine has optimised them by then. */
const written = new Map<string, SamplerCode>();
const mostWritten = 8;

/** Keeps a code; the one that was kept first may be forgotten for it. */
export function keepCode([key, code]: NamedCode): void {
  written.delete(key);
  written.set(key, code);
  if (written.size > mostWritten) written.delete(written.keys().next().value as string);
}

/** Links the module for one density, metric and depth to the program: calls go from wasm to wasm. */
export function linkSampler(program: WasmProgram, shape: SamplerShape): SamplerModule & { code: NamedCode } {
  const { dim, kind, maxTreeDepth, maxRank } = shape;
  const start = program.reserve(constantBytes);
  const layout = layOut(dim, kind, maxTreeDepth, maxRank, start + constantBytes);
  program.reserve(layout.byteLength);
  const { site } = program;
  const key = JSON.stringify([shape, start, site.base, site.inputs, site.outputs]);
  const code = written.get(key) ?? writeCode(site, layout, start);
  keepCode([key, code]);
  const { memory, run } = site;
  new Uint8Array(memory.buffer).set(code.image, start);
  const instance = new WebAssembly.Instance(code.module, {
    density: { memory, run },
    env: { scalarMath: wasmKit.scalarMath(code.scalarKernels) },
  });
  const { nuts, hmc } = instance.exports as unknown as Pick<SamplerModule, 'nuts' | 'hmc'>;
  return { layout, memory, nuts, hmc, code: [key, code] };
}

function writeCode(
  { base, inputs, outputs }: WasmProgram['site'],
  layout: Layout,
  start: number,
): SamplerCode {
  const module = new wasmKit.ModuleBuilder();
  const constants = new wasmKit.ConstantMemory(start);
  const density = {
    run: module.importFunction('density', 'run', { params: ['i32'], result: null }),
    base,
    position: inputs[0],
    value: outputs[0],
    gradient: outputs[1],
  };
  const math = new wasmKit.ModuleMath(module, constants, false);
  const context: Context = { module, math, layout, density };
  const random = randomCode(context);
  const metric = metricCode(context);
  const dynamics = dynamicsCode(context, random, metric);
  const parts = {
    random,
    dynamics,
    segments: segmentCode(context),
    buffers: bufferCode(context),
    weigh: weightCode(context),
  };
  nutsCode(context, parts);
  hmcCode(context, parts);

  const bytes = module.toBytes({ module: 'density', name: 'memory', initialPages: 0 });
  const image = constants.image().slice(start);
  if (image.length > constantBytes) throw new Error('internal: too many constants in the sampler');
  return { module: new WebAssembly.Module(bytes), image, start, scalarKernels: math.scalarKernels };
}
