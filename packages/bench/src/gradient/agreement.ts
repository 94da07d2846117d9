/** Before anything is timed: the program and the C twin compute the same density and gradient. */
import { dataRandom } from '../data/random';
import type { CTwin } from './c-twin';
import type { CompiledGradient } from './compiled-gradient';

type Program = CompiledGradient['program'];

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

/**
 * Two compiled programs of one density, up to a constant. Both keep the point.
 * @throws Error naming the first coordinate that differs
 */
export function checkSameDensity(name: string, a: Program, b: Program, q: Float64Array): void {
  const value = (program: Program, at: Float64Array): number => {
    program.inputView(0).set(at);
    program.call();
    return program.outputView(0)[0];
  };
  const origin = new Float64Array(q.length);
  const [from, to] = [a, b].map((program) => [value(program, origin), value(program, q)]);
  const pairs = [[from[1] - from[0], to[1] - to[0]]];
  a.outputView(1).forEach((x: number, i: number) => pairs.push([x, b.outputView(1)[i]]));
  for (const [i, [x, y]] of pairs.entries()) {
    if (!(Math.abs(x - y) <= agreementTolerance * Math.max(1, Math.abs(x)))) {
      const what = i === 0 ? 'the difference of the densities at two points' : `gradient[${i - 1}]`;
      throw new Error(`${name}: ${what} is ${y} instead of ${x}.`);
    }
  }
}
