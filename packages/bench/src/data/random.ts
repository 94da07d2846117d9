/** Seeded numbers for synthetic data sets: seedrandom's ARC4, and normals by the polar method. */
import seedrandom from 'seedrandom';

export interface DataRandom {
  uniform(): number;
  normal(): number;
  /** An integer from 0 to n − 1. */
  index(n: number): number;
}

export function dataRandom(seed: string): DataRandom {
  const uniform = seedrandom(seed);
  const normal = (): number => {
    for (;;) {
      const u = 2 * uniform() - 1;
      const v = 2 * uniform() - 1;
      const s = u * u + v * v;
      if (s > 0 && s < 1) return u * Math.sqrt((-2 * Math.log(s)) / s);
    }
  };
  return { uniform, normal, index: (n) => Math.floor(uniform() * n) };
}

/** n rows of d standard normals. */
export function normalMatrix(random: DataRandom, n: number, d: number): number[][] {
  return Array.from({ length: n }, () => Array.from({ length: d }, () => random.normal()));
}
