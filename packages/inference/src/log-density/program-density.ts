/** A log density that is a compiled program, without anything of what compiled it: workers load this file. */
import {
  isInPlace,
  isWasmProgram,
  WasmProgram,
  type CompiledGraph,
  type InPlaceProgram,
  type Program,
} from '@pyro-ts/compiler';
import type { HeldLogDensity } from './model-log-density';

/** A program that can be posted to a worker: the engine's module, which threads share, and plain data. */
export interface PortableDensity {
  readonly dim: number;
  readonly module: WebAssembly.Module;
  readonly compiled: CompiledGraph;
}

/**
 * The density of a program of a point [dim] whose outputs are value and gradient. Called in place where it can be, so
 * that a sampler's innermost loop allocates nothing.
 */
export function programDensity(program: Program, dim: number): HeldLogDensity {
  const viewsOf = (held: InPlaceProgram) => ({
    point: held.inputView(0),
    value: held.outputView(0),
    slope: held.outputView(1),
    program: held,
  });
  let views = isInPlace(program) ? viewsOf(program) : undefined;
  return {
    dim,
    program: isWasmProgram(program) ? program : undefined,
    valueAndGrad(q, gradient) {
      // `run` also serves to refuse a point of another length and a program that was disposed of.
      if (views === undefined || q.length !== dim) {
        const [value, grad] = program.run([q]);
        gradient.set(grad);
        return value[0];
      }
      // The program's memory has grown.
      if (views.point.length === 0) views = viewsOf(views.program);
      views.point.set(q);
      views.program.call();
      gradient.set(views.slope);
      return views.value[0];
    },
    ...(isWasmProgram(program) ? { portable: () => portable(program, dim) } : {}),
    dispose() {
      views = undefined;
      program.dispose();
    },
  };
}

/** The module is already compiled: its code stays here. Constants travel in shared memory where there is any. */
function portable({ compiled, module }: WasmProgram, dim: number): PortableDensity {
  const { constants } = compiled;
  const shared =
    typeof SharedArrayBuffer === 'undefined' ? undefined : new SharedArrayBuffer(constants.length);
  const image = shared === undefined ? constants : new Uint8Array(shared);
  if (shared !== undefined) image.set(constants);
  return {
    dim,
    module,
    compiled: { ...compiled, code: new Uint8Array(0), constants: image as Uint8Array<ArrayBuffer> },
  };
}

/** The density on the other side. */
export function densityFromParts({ dim, module, compiled }: PortableDensity): HeldLogDensity {
  return programDensity(new WasmProgram(compiled, module), dim);
}
