import { Pace } from './pace';

describe('the pace of a chain', () => {
  // 10 ms of work for a transition.
  const after = (left: number, numWorkers: number): boolean => {
    let seconds = 0;
    const pace = new Pace(100, () => seconds);
    seconds += 0.5;
    return pace.isWorthWorkers(150, left, numWorkers);
  };

  it('is worth workers if they win half a second of work', () => {
    expect(after(101, 2)).toBe(true);
    expect(after(99, 2)).toBe(false);
    expect(after(70, 4)).toBe(true);
    expect(after(60, 4)).toBe(false);
  });

  it('one worker alone wins nothing', () => {
    expect(after(1e9, 1)).toBe(false);
  });

  it('is that of the last slice', () => {
    let seconds = 0;
    const pace = new Pace(0, () => seconds);
    seconds += 1;
    expect(pace.isWorthWorkers(1, 1000, 2)).toBe(true);
    seconds += 0.001;
    expect(pace.isWorthWorkers(101, 900, 2)).toBe(false);
  });
});
