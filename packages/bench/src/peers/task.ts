/** What a peer is given: a model's name, its data, and points at which the densities are compared. */
import { unconstrainModel } from '@pyro-ts/core';
import { toNested } from '@pyro-ts/ops';
import { writeFileSync } from 'node:fs';
import { randomPoint } from '../gradient/agreement';
import type { BenchmarkModel } from '../models';
import { setting } from './setting';

/** Two points in constrained space, with our log joint densities there, Jacobians left out. */
export function pointsOf({ model, name }: BenchmarkModel): { values: object; logJoint: number }[] {
  const unconstrained = unconstrainModel(model, []);
  return ['a', 'b'].map((which) => {
    const q = randomPoint(`${name} ${which}`, unconstrained.dim);
    return {
      values: Object.fromEntries(
        Object.entries(unconstrained.constrain(q)).map(([site, value]) => [site, toNested(value)]),
      ),
      logJoint: unconstrained.terms(q).reduce((sum, { logProb }) => sum + logProb, 0),
    };
  });
}

/** Writes the JSON file that packages/bench/peers/task.py reads. */
export function writeTask(file: string, model: BenchmarkModel, points: readonly object[]): void {
  writeFileSync(file, JSON.stringify({ model: model.c, data: model.data, points, ...setting }));
}
