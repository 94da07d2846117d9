import { warmupWindows } from './windows';

/** `75 [25 50] 50`: step size only, metric windows, step size only. */
function print(numWarmup: number): string {
  const sizes = warmupWindows(numWarmup).map(({ start, end, adaptsMetric }) =>
    adaptsMetric ? `[${end - start}]` : `${end - start}`,
  );
  return sizes.join(' ');
}

describe('warmupWindows', () => {
  // By hand from Stan's windowed_adaptation.
  it.each([
    [0, ''],
    [1, '1'],
    [19, '19'],
    [20, '3 [15] 2'],
    [100, '15 [75] 10'],
    [149, '22 [113] 14'],
    [150, '75 [25] 50'],
    [190, '75 [25] [40] 50'],
    [200, '75 [25] [50] 50'],
    [299, '75 [25] [149] 50'],
    [300, '75 [25] [50] [100] 50'],
    [500, '75 [25] [50] [100] [200] 50'],
    [1000, '75 [25] [50] [100] [200] [500] 50'],
    [2000, '75 [25] [50] [100] [200] [400] [1100] 50'],
  ])('splits %i iterations into %s', (numWarmup, expected) => {
    expect(print(numWarmup)).toBe(expected);
  });

  it('covers every iteration once, whatever the length', () => {
    for (let n = 0; n < 1500; n++) {
      let next = 0;
      for (const { start, end } of warmupWindows(n)) {
        expect(start).toBe(next);
        expect(end).toBeGreaterThan(start);
        next = end;
      }
      expect(next).toBe(n);
    }
  });
});
