/** Draws of one scalar quantity: one row of numbers for each chain. */

/** [chains][draws]; every chain has the same number of draws. */
export type Chains = readonly ArrayLike<number>[];

/** What a diagnostic cannot be computed from. */
export class DiagnosticsError extends Error {
  override readonly name = 'DiagnosticsError';
}

/**
 * The number of draws of each chain.
 * @throws {DiagnosticsError} without chains, or if the chains differ in length
 */
export function drawCount(chains: Chains): number {
  if (chains.length === 0) throw new DiagnosticsError('no chains.\n  Fix: pass [chains][draws].');
  const draws = chains[0].length;
  for (const [index, chain] of chains.entries()) {
    if (chain.length !== draws) {
      throw new DiagnosticsError(
        `chain 0 has ${draws} draws, chain ${index} has ${chain.length}.\n` +
          '  Fix: cut all chains to the shortest one.',
      );
    }
  }
  return draws;
}

/** Whether there are at least `minDraws` draws in each chain and none is NaN. */
export function isUsable(chains: Chains, minDraws = 4): boolean {
  if (drawCount(chains) < minDraws) return false;
  for (const chain of chains) for (let i = 0; i < chain.length; i++) if (Number.isNaN(chain[i])) return false;
  return true;
}

/** First and last half of every chain; with an odd number of draws the middle one is left out. */
export function splitChains(chains: Chains): Float64Array[] {
  const halves: Float64Array[] = [];
  for (const chain of chains) {
    const draws = new Float64Array(chain);
    const half = Math.floor(draws.length / 2);
    halves.push(draws.subarray(0, half), draws.subarray(draws.length - half));
  }
  return halves;
}

/** All draws in one array, chain after chain. */
export function pool(chains: Chains): Float64Array {
  const draws = drawCount(chains);
  const pooled = new Float64Array(chains.length * draws);
  for (const [index, chain] of chains.entries()) pooled.set(chain, index * draws);
  return pooled;
}

/** Applies f to every draw. */
export function mapDraws(chains: Chains, f: (x: number) => number): Float64Array[] {
  return chains.map((chain) => {
    const mapped = new Float64Array(chain.length);
    for (let i = 0; i < chain.length; i++) mapped[i] = f(chain[i]);
    return mapped;
  });
}
