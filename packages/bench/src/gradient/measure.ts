/** One model beside its C twin, slice by slice in alternation, so that a busy machine slows both alike. */
import type { BenchmarkModel } from '../models';
import { checkAgreement, randomPoint } from './agreement';
import { CTwin } from './c-twin';
import { compileGradient } from './compiled-gradient';
import { median, repetitionsAfterWarmUp, timeProgram } from './timing';

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

export async function measureGradient(model: BenchmarkModel, pairs: number): Promise<GradientTiming> {
  const gradient = compileGradient(model.model);
  const { program, dim } = gradient;
  const twin = CTwin.start(model, dim);
  try {
    const difference = await checkAgreement(model.name, gradient, twin, randomPoint(model.name, dim));
    const timeC = async (repetitions: number): Promise<number> =>
      (await twin.time(repetitions)) / 1000 / repetitions;
    const repetitions = repetitionsAfterWarmUp(program);
    await timeC(repetitions);
    const wasm: number[] = [];
    const c: number[] = [];
    for (let i = 0; i < pairs; i++) {
      wasm.push(timeProgram(program, repetitions));
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
