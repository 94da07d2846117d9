import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { findKernel, kernels, type Attrs, type KernelName, type KernelSpec } from '@pyro-ts/ops';
import { GraphBuilder } from '../../graph/builder';
import { wasmExecutor } from '../executor';
import { scalarFunctionOf } from './names';

const edges = [
  NaN,
  Infinity,
  -Infinity,
  0,
  -0,
  5e-324,
  -5e-324,
  1e-310,
  Number.MAX_VALUE,
  1e-160,
  -1e-160,
  1e160,
];

/** Every magnitude, both signs, integers and their neighbours, and the edges. */
function grid(count: number): Float64Array {
  const magnitudes = Array.from(
    { length: count },
    (_, i) => 2 ** (-60 + (90 * i) / count) * (1 + ((i * 0.618) % 1)),
  );
  const units = Array.from({ length: count }, (_, i) => ((i + 0.5) * 0.7548776662466927) % 1);
  const whole = [1, 2, 3, 5, 10, 40, 100, 1e3, 1e6].flatMap((n) => [n, n * (1 + 1e-15), n * (1 - 1e-15)]);
  const positive = [
    ...magnitudes,
    ...units,
    ...units.map((u) => 30 * u),
    ...units.map((u) => 1 - u * 1e-9),
    ...whole,
  ];
  return Float64Array.from([...positive, ...positive.map((x) => -x), ...edges]);
}

/** Operands that run over a grid each, out of step. */
function operands(arity: number, positive: boolean): Float64Array[] {
  const base = grid(arity === 1 ? 1200 : 100).map((x) => (positive ? Math.abs(x) : x));
  return Array.from({ length: arity }, (_, k) =>
    base.map((_x, i) => base[(i * [1, 7, 13][k] + 31 * k) % base.length]),
  );
}

/** Distance in units of the last place of the expected value; NaN and infinities have to be the same. */
function ulps(actual: number, expected: number): number {
  if (Object.is(actual, expected)) return 0;
  if (!Number.isFinite(expected) || !Number.isFinite(actual))
    return Number.isNaN(actual) === Number.isNaN(expected) && actual === expected ? 0 : Infinity;
  const scale = Math.max(Math.abs(expected), 2.2250738585072014e-308);
  return Math.abs(actual - expected) / (2 ** Math.floor(Math.log2(scale)) * Number.EPSILON);
}

interface Worst {
  readonly ulp: number;
  readonly at: readonly number[];
  readonly values: readonly number[];
}

/** The largest distance between the kernel compiled and its JavaScript. */
function worst(kernel: string, inputs: readonly Float64Array[], attrs: Attrs = {}): Worst {
  const g = new GraphBuilder();
  const shape = [inputs[0].length];
  const program = wasmExecutor.compile(
    g.finish([
      g.node(
        kernel,
        inputs.map((_, i) => g.input(String(i), shape)),
        attrs,
      ),
    ]),
  );
  expect(program.fallbackKernels).toEqual([]);
  // Large arguments of sine and its kind are JavaScript's; nothing that is translated has any.
  expect(program.compiled.scalarKernels.filter((name) => !['Sin', 'Tan'].includes(name))).toEqual([]);
  const [actual] = program.run(inputs);
  const spec = findKernel(kernel) as KernelSpec;
  const [expected] = spec.compute(inputs.map((data) => ({ data, shape, dtype: 'float32' })), attrs, [{ shape, dtype: 'float32' }]); // prettier-ignore
  let found: Worst = { ulp: 0, at: [], values: [] };
  for (let i = 0; i < actual.length; i++) {
    const ulp = ulps(actual[i], expected[i]);
    if (!(ulp <= found.ulp)) found = { ulp, at: inputs.map((x) => x[i]), values: [actual[i], expected[i]] };
  }
  return found;
}

/**
 * Distances from JavaScript in ulp, whose functions use the engine's exp and log where these use the compiler's: 2 ulp of
 * those, multiplied by what a formula makes of them. Relative to 1 where results are differences of such terms.
 */
const bounds: Readonly<Partial<Record<KernelName, number>>> = {
  Acos: 2, Acosh: 3, Asin: 3, Asinh: 3, Atan2: 2, Atanh: 3, BesselRatio: 1, Betainc: 4, BetaincGradA: 16,
  BetaincGradB: 16, Betaincinv: 128, Cosh: 4, Digamma: 8, Erfc: 5, Erfcinv: 3, Erfcx: 4, Erfinv: 2, Gammainc: 4,
  GammaincGradA: 48, Gammaincc: 8, Gammaincinv: 128, I0e: 4, I1e: 5, Lbinom: 1, Lgamma: 5, LogI0: 3, LogNdtr: 4, Logit: 4,
  Mod: 0, Ndtr: 4, Ndtri: 2, Pow: 2, RandomGammaGrad: 48, Sinh: 4,
}; // prettier-ignore

const names = Object.keys(bounds) as KernelName[];
const arity = (kernel: KernelName): number => (kernels[kernel] as KernelSpec).inputs.length;

describe('functions translated from those of ops', () => {
  it.each(names)('%s: within its bound of the JavaScript on a dense grid, edges included', (kernel) => {
    for (const positive of [true, false]) {
      const found = worst(kernel, operands(arity(kernel), positive));
      if (found.ulp > (bounds[kernel] as number))
        throw new Error(`${found.ulp} ulp at ${found.at.join()}: ${found.values.join()}`);
    }
  });

  it.each([2, 3, 6])(
    'polygamma of order %d: within 8 ulp for positive arguments, poles and edges exact',
    (n) => {
      expect(worst('Polygamma', operands(1, true), { n }).ulp).toBeLessThan(8);
      expect(worst('Polygamma', [Float64Array.from([...edges, -1, -2, -3])], { n }).ulp).toBeLessThan(8);
      expect(worst('Polygamma', [grid(300).map((x) => -Math.abs(x % 20))], { n }).ulp).toBeLessThan(1e5);
    },
  );

  it('betaln and logdiffexp, differences of large terms: 1e-14 of 1 + |result|', () => {
    for (const kernel of ['Betaln', 'Logdiffexp']) {
      const { ulp, values } = worst(kernel, operands(2, true));
      expect(ulp === 0 || Math.abs(values[0] - values[1]) < 1e-14 * (1 + Math.abs(values[1]))).toBe(true);
    }
  });

  it('covers every kernel that is computed number by number', () => {
    const others = ['Betaln', 'Logdiffexp', 'Polygamma'];
    expect(Object.keys(scalarFunctionOf).filter((k) => !(k in bounds) && !others.includes(k))).toEqual([]);
  });

  it('is what the generator makes of the sources', () => {
    const main = resolve(__dirname, '../../../test/scalar-functions/main.ts');
    const root = resolve(__dirname, '../../../../..');
    const run = (): unknown =>
      execFileSync(join(root, 'node_modules/.bin/tsx'), ['--tsconfig', join(root, 'packages/tsconfig.test.json'), main, '--check'], { stdio: 'pipe' });
    expect(run).not.toThrow();
  }, 60_000); // prettier-ignore
});
