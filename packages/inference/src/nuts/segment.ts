/** Pieces of a trajectory and the criterion that ends it. */

/** A contiguous piece: momenta and velocities at its two ends, and the sum of the momenta of all its points. */
export interface Segment {
  beginMomentum: Float64Array;
  beginVelocity: Float64Array;
  endMomentum: Float64Array;
  endVelocity: Float64Array;
  momentumSum: Float64Array;
}

export function allocateSegment(dim: number): Segment {
  const vector = (): Float64Array => new Float64Array(dim);
  return {
    beginMomentum: vector(),
    beginVelocity: vector(),
    endMomentum: vector(),
    endVelocity: vector(),
    momentumSum: vector(),
  };
}

/** Makes a segment of one point. */
export function setPoint(segment: Segment, momentum: Float64Array, velocity: Float64Array): void {
  segment.beginMomentum.set(momentum);
  segment.endMomentum.set(momentum);
  segment.momentumSum.set(momentum);
  segment.beginVelocity.set(velocity);
  segment.endVelocity.set(velocity);
}

/** Turns a segment around in time. */
export function reverse(segment: Segment): void {
  const { beginMomentum, beginVelocity } = segment;
  segment.beginMomentum = segment.endMomentum;
  segment.beginVelocity = segment.endVelocity;
  segment.endMomentum = beginMomentum;
  segment.endVelocity = beginVelocity;
}

/**
 * Generalised no-U-turn criterion (Betancourt 2017, appendix A.4.2): whether a piece with these velocities at its
 * ends and this sum of momenta (a + b) still moves away at both ends.
 */
export function movesApart(
  beginVelocity: Float64Array,
  endVelocity: Float64Array,
  a: Float64Array,
  b: Float64Array,
): boolean {
  // Even and odd entries apart, as in `dot`.
  const atBegin = [0, 0];
  const atEnd = [0, 0];
  for (let i = 0; i < a.length; i++) {
    const sum = a[i] + b[i];
    atBegin[i & 1] += beginVelocity[i] * sum;
    atEnd[i & 1] += endVelocity[i] * sum;
  }
  return atBegin[0] + atBegin[1] > 0 && atEnd[0] + atEnd[1] > 0;
}

/**
 * Appends `right` to `left`, the result replacing `right`; `left`'s content is lost.
 *
 * Besides the whole, the criterion is checked across the seam, from each half to the nearest point of the other
 * (Stan 2.21, "additional U-turn checks"): two halves that each make half an oscillation would pass else.
 * @returns false if the joined piece turns
 */
export function join(left: Segment, right: Segment): boolean {
  const straight =
    movesApart(left.beginVelocity, right.endVelocity, left.momentumSum, right.momentumSum) &&
    movesApart(left.beginVelocity, right.beginVelocity, left.momentumSum, right.beginMomentum) &&
    movesApart(left.endVelocity, right.endVelocity, left.endMomentum, right.momentumSum);
  for (let i = 0; i < left.momentumSum.length; i++) right.momentumSum[i] += left.momentumSum[i];
  const { beginMomentum, beginVelocity } = right;
  right.beginMomentum = left.beginMomentum;
  right.beginVelocity = left.beginVelocity;
  left.beginMomentum = beginMomentum;
  left.beginVelocity = beginVelocity;
  return straight;
}
