/** What the run scripts share: settings from the command line, a progress line, and the check against known results. */
import { parseArgs } from 'node:util';
import type { McmcEvent, NdArray } from 'pyro-ts';
import { diagnostics } from 'pyro-ts';

export interface Settings {
  readonly quick: boolean;
  readonly seed: number;
  readonly numWarmup: number;
  readonly numSamples: number;
  readonly numChains: number;
  readonly steps: number;
}

/** `--quick` runs with small settings; every setting can be given by name. */
export function settings(): Settings {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      seed: { type: 'string', default: '1' },
      'num-warmup': { type: 'string' },
      'num-samples': { type: 'string' },
      'num-chains': { type: 'string' },
      steps: { type: 'string' },
    },
  });
  const number = (given: string | undefined, quick: number, full: number): number =>
    given === undefined ? (values.quick ? quick : full) : Number(given);
  return {
    quick: values.quick,
    seed: Number(values.seed),
    numWarmup: number(values['num-warmup'], 300, 1000),
    numSamples: number(values['num-samples'], 300, 1000),
    numChains: number(values['num-chains'], 2, 4),
    steps: number(values.steps, 1500, 5000),
  };
}

/** One line on a terminal that says how far the chains are; silent elsewhere. */
export function progress(event: McmcEvent): void {
  if (!process.stderr.isTTY) return;
  if (event.type === 'progress')
    process.stderr.write(`\rchain ${event.chain + 1}: ${event.phase} ${event.done}/${event.total}   `);
  if (event.type === 'end') process.stderr.write('\r\u001b[K');
}

/** Runs something and says how long it took. */
export async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await work();
  console.log(`${what}: ${((performance.now() - start) / 1000).toFixed(2)} s\n`);
  return result;
}

/** Means and standard deviations of a long run, by site; arrays for sites with a shape. */
export type Expected = Readonly<
  Record<string, { readonly mean: number | readonly number[]; readonly sd: number | readonly number[] }>
>;

/**
 * Fails the script if a mean is more than 5 of its Monte Carlo standard errors (false-alarm rate 6e-7 a parameter),
 * plus one hundredth of the posterior sd for the reference's own error, from the expected one.
 * @param samples [chains, draws, ...shape] by site
 */
export function checkMeans(samples: Readonly<Record<string, NdArray>>, expected: Expected): void {
  const rows = diagnostics.summary(samples);
  let worst = 0;
  for (const [site, { mean, sd }] of Object.entries(expected)) {
    const means = [mean].flat();
    const sds = [sd].flat();
    means.forEach((reference, i) => {
      const name = means.length > 1 || Array.isArray(mean) ? `${site}[${i}]` : site;
      const row = rows.rows.find((r) => r.name === name);
      if (row === undefined) throw new Error(`no draws of ${name}`);
      const error = Math.max(0, Math.abs(row.mean - reference) - 0.01 * sds[i]) / row.mcseMean;
      worst = Math.max(worst, error);
      if (!(error < 5)) {
        console.error(
          `${name}: mean ${row.mean.toPrecision(4)}, expected ${reference} (${error.toFixed(1)} standard errors)`,
        );
        process.exitCode = 1;
      }
    });
  }
  console.log(`checked against the reference: largest deviation ${worst.toFixed(1)} standard errors`);
}
