/** Names that are not unique. */
import { Normal } from '@pyro-ts/distributions';
import { param, plate, sample } from '../../src';
import { tracing, type Failure } from './failure';

export const names: readonly Failure[] = [
  {
    title: 'two sites with one name',
    run: () => tracing(() => [sample('x', Normal(0, 1)), sample('x', Normal(0, 1))]),
    message: [
      "DuplicateSiteError at site 'x': two sample sites of one run are named 'x'",
      '  Fix: give the second one another name; in a loop, build the name from the index: `x_${i}`.',
    ],
  },
  {
    title: 'two sites of different kinds with one name',
    run: () => tracing(() => [param('x', 1), sample('x', Normal(0, 1))]),
    message: [
      "DuplicateSiteError at site 'x': a param site and a sample site of one run are named 'x'",
      '  Fix: give the second one another name; in a loop, build the name from the index: `x_${i}`.',
    ],
  },
  {
    title: 'a loop over a plate that does not name its sites apart',
    run: () =>
      tracing(() => {
        for (const i of plate('steps', 3)) sample('x', Normal(i, 1));
      }),
    message: [
      "DuplicateSiteError at site 'x': two sample sites of one run are named 'x'",
      "  inside sequential plate 'steps' (size 3).",
      '  Fix: give the second one another name; in a loop, build the name from the index: `x_${i}`.',
    ],
  },
];
