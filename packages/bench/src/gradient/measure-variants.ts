/** A model beside the same model written otherwise, both compiled, slice by slice in alternation. */
import type { BenchmarkModel } from '../models';
import { checkSameDensity, randomPoint } from './agreement';
import { compileGradient } from './compiled-gradient';
import { median, repetitionsAfterWarmUp, timeProgram } from './timing';

export interface VariantTiming {
  readonly model: string;
  readonly variant: string;
  /** Median microseconds per value and gradient. */
  readonly variantUs: number;
  readonly modelUs: number;
  readonly ratio: number;
  readonly ratioOfMinima: number;
}

/** What a variant may cost, as a multiple of the model as it is benchmarked. */
export const variantBar = 1.3;

export function measureVariants(model: BenchmarkModel, pairs: number): VariantTiming[] {
  const base = compileGradient(model.model);
  const q = randomPoint(model.name, base.dim);
  base.program.inputView(0).set(q);
  const repetitions = repetitionsAfterWarmUp(base.program);
  const timings = (model.variants ?? []).map((variant): VariantTiming => {
    const written = compileGradient(variant.model);
    if (!variant.isReparameterised)
      checkSameDensity(`${model.name}, ${variant.name}`, base.program, written.program, q);
    else written.program.inputView(0).set(q);
    repetitionsAfterWarmUp(written.program);
    const own: number[] = [];
    const others: number[] = [];
    for (let i = 0; i < pairs; i++) {
      others.push(timeProgram(base.program, repetitions));
      own.push(timeProgram(written.program, repetitions));
    }
    written.program.dispose();
    const [variantUs, modelUs] = [median(own), median(others)];
    return {
      model: model.name,
      variant: variant.name,
      variantUs,
      modelUs,
      ratio: variantUs / modelUs,
      ratioOfMinima: own[0] / others[0],
    };
  });
  base.program.dispose();
  return timings;
}
