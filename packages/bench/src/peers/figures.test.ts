import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataRandom } from '../data/random';
import { disagreements, unmixed } from './agreement';
import { measure, type Measured, type RunnerResult } from './figures';
import { setting } from './setting';

const rows = setting.numChains * setting.numSamples;

function measured(
  sites: RunnerResult['sites'],
  draws: Float64Array,
  result: Partial<RunnerResult> = {},
): Measured {
  const folder = mkdtempSync(join(tmpdir(), 'pyro-ts-figures-'));
  try {
    writeFileSync(join(folder, 'draws.f64'), draws);
    const full = {
      sites,
      compile_s: 3,
      sample_s: 1,
      log_joints: [0, 1],
      gradient_cpu_us: 1,
      gradients: 8 * rows,
    };
    writeFileSync(join(folder, 'result.json'), JSON.stringify({ ...full, ...result }));
    return measure(folder, { coldSeconds: 5, peakMegabytes: 100 });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function normals(seed: string, location: number): Float64Array {
  const random = dataRandom(seed);
  return Float64Array.from({ length: rows }, () => location + random.normal());
}

describe('measure', () => {
  it('divides the least bulk ESS by the seconds of sampling, with and without those of compilation', () => {
    const { figures } = measured([['x', 1]], normals('a', 0), { sample_s: 2, compile_s: 6 });
    // Independent draws: the standard deviation of the estimate is about 3 % of their number.
    expect(Math.abs(figures.min_ess / rows - 1)).toBeLessThan(0.15);
    expect(figures.ess_per_s).toBeCloseTo(figures.min_ess / 2);
    expect(figures.ess_per_s_with_compile).toBeCloseTo(figures.min_ess / 8);
    expect(figures.gradients_per_draw).toBe(8);
  });

  it('orders the components of a mixture by their means, whatever order a chain has them in', () => {
    const random = dataRandom('components');
    const draws = new Float64Array(rows * 9);
    for (let row = 0; row < rows; row++) {
      const shift = Math.floor(row / setting.numSamples);
      for (let k = 0; k < 3; k++) {
        const component = (k + shift) % 3;
        draws[row * 9 + k] = component + 0.01 * random.normal();
        draws[row * 9 + 3 + k] = 10 + component;
        draws[row * 9 + 6 + k] = 0.1 * (component + 1);
      }
    }
    const { means } = measured([['mu', 3], ['sigma', 3], ['weights', 3]], draws); // prettier-ignore
    const expected = [0, 1, 2, 10, 11, 12, 0.1, 0.2, 0.3];
    means.forEach(({ mean }, i) => expect(mean).toBeCloseTo(expected[i], 2));
  });
});

describe('disagreements', () => {
  const ours = measured([['x', 1]], normals('ours', 0));

  it('is empty for the same density and the same posterior', () => {
    expect(disagreements(ours, measured([['x', 1]], normals('b', 0)), [5, 6])).toEqual([]);
  });

  it('names the mean that is off', () => {
    const [found] = disagreements(ours, measured([['x', 1]], normals('b', 0.2)), [5, 6]);
    expect(found).toMatch(/^1 of 1 means off, x by \d/);
  });

  it('notices a density that differs by more than a constant', () => {
    const [found] = disagreements(
      ours,
      measured([['x', 1]], normals('b', 0), { log_joints: [0, 1.001] }),
      [5, 6],
    );
    expect(found).toBe('log density differs by 1.001 between the points, ours by 1');
  });

  it('flags chains that have not met', () => {
    const apart = normals('c', 0).map((x, row) => x + (row < setting.numSamples ? 3 : 0));
    expect(unmixed(measured([['x', 1]], apart))[0]).toMatch(/^R-hat 1\.\d/);
    expect(unmixed(ours)).toEqual([]);
  });
});
