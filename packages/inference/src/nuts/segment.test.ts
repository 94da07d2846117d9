import { allocateSegment, join, movesApart, reverse, setPoint, type Segment } from './segment';

/** One point moving at an angle, unit mass. */
function heading(degrees: number): Segment {
  const segment = allocateSegment(2);
  const angle = (degrees * Math.PI) / 180;
  const p = Float64Array.of(Math.cos(angle), Math.sin(angle));
  setPoint(segment, p, p);
  return segment;
}

/** Points on a turning circle, joined in pairs, pairs of pairs, …; the first failing size, if any. */
function trajectory(degrees: number[]): boolean {
  if (degrees.length === 1) return true;
  const build = (part: number[]): Segment | undefined => {
    if (part.length === 1) return heading(part[0]);
    const [left, right] = [build(part.slice(0, part.length / 2)), build(part.slice(part.length / 2))];
    return left !== undefined && right !== undefined && join(left, right) ? right : undefined;
  };
  return build(degrees) !== undefined;
}

describe('the generalised U-turn criterion', () => {
  const none = new Float64Array(2);

  it('compares the velocities at both ends with the sum of the momenta', () => {
    const right = Float64Array.of(1, 0);
    expect(movesApart(right, right, right, none)).toBe(true);
    expect(movesApart(right, Float64Array.of(-0.1, 1), right, none)).toBe(false);
    expect(movesApart(Float64Array.of(0, 1), right, right, none)).toBe(false);
  });

  it('passes half a turn and stops a full one', () => {
    expect(trajectory([0, 30, 60, 90])).toBe(true);
    expect(trajectory([0, 60, 120, 180])).toBe(false);
    expect(trajectory([0, 90])).toBe(true);
    expect(trajectory([0, 179])).toBe(true);
    expect(trajectory([0, 181])).toBe(true);
    expect(trajectory([0, 180])).toBe(false);
  });

  it('checks across the seam: two half turns whose sums cancel at no end are still a U-turn', () => {
    // First half 0°, 100°; second half 200°, 300°: the ends see the sum alike, the seam does not.
    const whole = (degrees: number[]): boolean => {
      const sum = degrees.map(heading).reduce((s, { momentumSum: [x, y] }) => [s[0] + x, s[1] + y], [0, 0]);
      const at = (d: number): number =>
        heading(d).momentumSum[0] * sum[0] + heading(d).momentumSum[1] * sum[1];
      return at(degrees[0]) > 0 && at(degrees[degrees.length - 1]) > 0;
    };
    const degrees = [0, 120, 240, 360 - 1e-3];
    expect(whole(degrees)).toBe(true);
    expect(trajectory(degrees)).toBe(false);
  });

  it('does not depend on the direction of time', () => {
    for (let turn = 5; turn < 180; turn += 10) {
      const degrees = [0, 1, 2, 3, 4, 5, 6, 7].map((k) => (k * turn) / 7);
      expect(trajectory([...degrees].reverse().map((d) => d + 180))).toBe(trajectory(degrees));
    }
  });
});

describe('segments', () => {
  it('join in order: begin of the left, end of the right, sum of both', () => {
    const [left, right] = [heading(0), heading(40)];
    join(left, right);
    expect([...right.beginMomentum]).toEqual([1, 0]);
    expect(right.endMomentum).toEqual(heading(40).endMomentum);
    expect(right.momentumSum[0]).toBeCloseTo(1 + Math.cos((40 * Math.PI) / 180), 15);
  });

  it('reverse swaps the ends', () => {
    const [left, right] = [heading(0), heading(40)];
    join(left, right);
    reverse(right);
    expect([...right.endMomentum]).toEqual([1, 0]);
    expect(right.beginVelocity).toEqual(heading(40).beginVelocity);
  });
});
