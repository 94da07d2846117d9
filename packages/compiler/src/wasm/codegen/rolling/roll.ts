/**
 * Units → units, in which long written-out loops are loops again: their code then does not grow with the number of
 * turns, and neither does the time to compile it. Beyond some thousand nodes it is faster too, as machine code that runs
 * once a call comes from the outer caches.
 */
import type { Plan } from '../plan';
import type { Unit } from '../schedule';
import { buildLoop } from './build-loop';
import { LoopFinder, type Turns } from './find-loops';
import { byDepth } from './order';
import { signatures } from './signatures';

/** Programs of fewer units have nothing worth it. */
const fewestUnits = 512;
/** The part of the units that may be left to write out before another order is tried. */
const wellRolled = 0.25;

interface Found {
  readonly units: readonly Unit[];
  readonly loops: readonly Turns[];
  /** Units that would be left to write out. */
  readonly length: number;
}

function find(plan: Plan, units: readonly Unit[], numbers: Int32Array): Found {
  const loops = new LoopFinder(plan, units, numbers).all();
  const length = loops.reduce((n, loop) => n - loop.length * (loop.count - 1), units.length);
  return { units, loops, length };
}

/** The plan has the loops' own values besides. */
export function rollLoops(plan: Plan, units: readonly Unit[]): { plan: Plan; units: readonly Unit[] } {
  if (units.length < fewestUnits) return { plan, units };
  const numbers = signatures(plan, units);
  // Either what belongs to a step stands together, or each kind of thing that a step does does.
  let best = find(plan, byDepth(plan, units), numbers);
  if (best.length > wellRolled * units.length) {
    const asWritten = find(plan, units, numbers);
    if (asWritten.length < 0.8 * best.length) best = asWritten;
  }
  if (best.loops.length === 0) return { plan, units };
  const values = [...plan.values];
  const rolled: Unit[] = [];
  let at = 0;
  for (const { start, length, count } of best.loops) {
    rolled.push(...best.units.slice(at, start));
    const turns = Array.from({ length: count }, (_, t) =>
      best.units.slice(start + t * length, start + (t + 1) * length).map(({ nodes }) => nodes[0]),
    );
    rolled.push({ kind: 'rolled', nodes: turns.flat(), rolled: buildLoop(values, turns) });
    at = start + count * length;
  }
  for (let u = at; u < best.units.length; u++) rolled.push(best.units[u]);
  return { plan: { ...plan, values }, units: rolled };
}
