/** Memory that transitions of one sampler reuse; nothing in it outlives a transition. */
import { allocatePoint, type PhasePoint } from '../integrators/phase-point';
import { allocateSegment, type Segment } from './segment';

export class Workspace {
  /** The two ends of the trajectory. */
  readonly backward: PhasePoint;
  readonly forward: PhasePoint;
  /** Draw from the subtree that is growing, and from the whole trajectory. */
  readonly candidate: PhasePoint;
  readonly proposal: PhasePoint;
  /** The whole trajectory, in order of time. */
  tree: Segment;
  /** The piece that is being joined, and the finished pieces: `levels[k]` has 2^k points. */
  carry: Segment;
  readonly levels: Segment[];

  constructor(dim: number, maxTreeDepth: number) {
    this.backward = allocatePoint(dim);
    this.forward = allocatePoint(dim);
    this.candidate = allocatePoint(dim);
    this.proposal = allocatePoint(dim);
    this.tree = allocateSegment(dim);
    this.carry = allocateSegment(dim);
    this.levels = Array.from({ length: maxTreeDepth }, () => allocateSegment(dim));
  }
}
