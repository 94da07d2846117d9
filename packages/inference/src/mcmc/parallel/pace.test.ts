import { Pace, type Verdict } from './pace';

describe('the pace of a chain', () => {
  // 10 ms a transition.
  const after = (left: number, numThreads: number): Verdict => {
    let seconds = 0;
    const pace = new Pace(100, () => seconds);
    seconds += 0.5;
    return pace.look(150, left, numThreads);
  };

  it('is worth workers if they win half a second', () => {
    expect(after(101, 2).isWorthWorkers).toBe(true);
    expect(after(99, 2).isWorthWorkers).toBe(false);
    expect(after(70, 4).isWorthWorkers).toBe(true);
    expect(after(60, 4).isWorthWorkers).toBe(false);
  });

  it('one thread alone wins nothing', () => {
    expect(after(1e9, 1).isWorthWorkers).toBe(false);
  });

  it('calls for a free thread if all together need more than two seconds', () => {
    expect(after(401, 2).isLong).toBe(true);
    expect(after(399, 2).isLong).toBe(false);
    expect(after(799, 4).isLong).toBe(false);
  });

  it('is that of the last slice', () => {
    let seconds = 0;
    const pace = new Pace(0, () => seconds);
    seconds += 1;
    expect(pace.look(1, 1000, 2).isWorthWorkers).toBe(true);
    seconds += 0.001;
    expect(pace.look(101, 900, 2).isWorthWorkers).toBe(false);
  });
});
