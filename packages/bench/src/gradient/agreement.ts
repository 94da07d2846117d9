/** Before anything is timed: the program and the C twin compute the same density and gradient. */
import { dataRandom } from '../data/random';
import type { CTwin } from './c-twin';
import type { CompiledGradient } from './compiled-gradient';

/** |ours − C| / max(1, |C|), for the value and for each coordinate of the gradient. */
export const agreementTolerance = 1e-10;

/** A random point, normal with standard deviation ½: the scales are within a factor of e of 1. */
export function randomPoint(seed: string, dim: number): Float64Array {
  const random = dataRandom(`point ${seed}`);
  return Float64Array.from({ length: dim }, () => 0.5 * random.normal());
}

/**
 * The largest difference at a point. Both sides keep the point, and are timed there.
 * @throws Error naming the first coordinate that differs
 */
export async function checkAgreement(
  name: string,
  { program }: CompiledGradient,
  twin: CTwin,
  q: Float64Array,
): Promise<number> {
  program.inputView(0).set(q);
  program.call();
  const expected = await twin.evaluate(q);
  const ours = [program.outputView(0)[0], ...program.outputView(1)];
  let worst = 0;
  for (const [i, c] of [expected.value, ...expected.grad].entries()) {
    const difference = Math.abs(ours[i] - c) / Math.max(1, Math.abs(c));
    if (!(difference <= agreementTolerance)) {
      const what = i === 0 ? 'value' : `gradient[${i - 1}]`;
      throw new Error(`${name}: ${what} is ${ours[i]} compiled and ${c} in C.`);
    }
    worst = Math.max(worst, difference);
  }
  return worst;
}
