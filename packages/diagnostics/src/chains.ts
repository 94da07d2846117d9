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
