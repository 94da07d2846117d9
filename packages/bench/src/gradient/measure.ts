/** One model beside its C twin, slice by slice in alternation, so that a busy machine slows both alike. */
import type { BenchmarkModel } from '../models';
import { checkAgreement, randomPoint } from './agreement';
import { CTwin } from './c-twin';
import { compileGradient } from './compiled-gradient';

export interface GradientTiming {
  readonly model: string;
  /** Median microseconds per value and gradient. */
  readonly wasmUs: number;
  readonly cUs: number;
  readonly ratio: number;
  /** The ratio of the fastest slices: what a quiet machine would show. */
  readonly ratioOfMinima: number;
  /** The largest relative difference between the two. */
  readonly difference: number;
}

/** Long enough that clocks and wake-ups do not count, short enough to fall between interruptions. */
const sliceUs = 2000;
const warmUpMs = 300;

const median = (samples: number[]): number => samples.sort((a, b) => a - b)[samples.length >> 1];

export async function measureGradient(model: BenchmarkModel, pairs: number): Promise<GradientTiming> {
  const gradient = compileGradient(model.model);
  const { program, dim } = gradient;
  const twin = CTwin.start(model, dim);
  try {
    const difference = await checkAgreement(model.name, gradient, twin, randomPoint(model.name, dim));
    const timeWasm = (repetitions: number): number => {
      const start = performance.now();
      for (let i = 0; i < repetitions; i++) program.call();
      return ((performance.now() - start) * 1000) / repetitions;
    };
    const timeC = async (repetitions: number): Promise<number> =>
      (await twin.time(repetitions)) / 1000 / repetitions;
    // Until the engine has replaced its quick code by its fast code.
    let roughly = timeWasm(3);
    for (const start = performance.now(); performance.now() - start < warmUpMs;) {
      roughly = timeWasm(Math.max(3, Math.ceil(sliceUs / roughly)));
    }
    const repetitions = Math.max(3, Math.ceil(sliceUs / roughly));
    await timeC(repetitions);
    const wasm: number[] = [];
    const c: number[] = [];
    for (let i = 0; i < pairs; i++) {
      wasm.push(timeWasm(repetitions));
      c.push(await timeC(repetitions));
    }
    const [wasmUs, cUs] = [median(wasm), median(c)];
    return {
      model: model.name,
      wasmUs,
      cUs,
      ratio: wasmUs / cUs,
      ratioOfMinima: wasm[0] / c[0],
      difference,
    };
  } finally {
    twin.stop();
    program.dispose();
  }
}
