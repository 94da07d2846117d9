/** Plates that collide or make no sense. */
import { Normal } from '@pyro-ts/distributions';
import { handlers, plate, sample, subsample } from '../../src';
import { tracing, type Failure } from './failure';

export const plates: readonly Failure[] = [
  {
    title: 'two plates at one dim',
    run: () =>
      tracing(() =>
        plate('a', { size: 2, dim: -1 }, () => plate('b', { size: 3, dim: -1 }, () => undefined)),
      ),
    message: [
      "PlateError: plates 'a' and 'b' collide at dim -1: plate 'a' (size 2, dim -1) is open around plate 'b' (size 3, dim -1)",
      "  Fix: give plate 'b' dim -2, or leave its dim out.",
      "  Raised in the model after site 'b'.",
    ],
  },
  {
    title: 'a plate inside itself',
    run: () => tracing(() => plate('a', 2, () => plate('a', 2, () => undefined))),
    message: [
      "PlateError: plate 'a' (size 2, dim -1) is entered inside itself",
      '  Fix: give the inner plate another name, or leave the outer one before.',
      "  Raised in the model after site 'a'.",
    ],
  },
  {
    title: 'one plate as a loop and with a body',
    run: () =>
      tracing(() => {
        const data = plate('data', 2);
        data.run(() => undefined);
        for (const i of data) sample(`x_${i}`, Normal(0, 1));
      }),
    message: [
      "PlateError: plate 'data' is used both as a loop and with a body",
      '  Fix: make two plates with different names.',
      "  Raised in the model after site 'data'.",
    ],
  },
  {
    title: 'two different plates with one name',
    run: () =>
      tracing(() => {
        plate('data', 2, () => undefined);
        plate('data', 3, () => undefined);
      }),
    message: [
      "DuplicateSiteError at site 'data': two plate sites of one run are named 'data'",
      '  Fix: keep the plate in a variable and enter it again, or give the second one another name.',
    ],
  },
  {
    title: 'a plate at dim 0',
    run: () => plate('data', { size: 2, dim: 0 }),
    message: [
      "PlateError: plate 'data': dim must be a negative integer; it is 0",
      '  Fix: count from the right: -1 is the rightmost batch dim.',
    ],
  },
  {
    title: 'a plate without elements',
    run: () => plate('data', 0),
    message: [
      "PlateError: plate 'data': size must be a positive integer; it is 0",
      '  Fix: look whether the data is empty.',
    ],
  },
  {
    title: 'a subsample larger than its plate',
    run: () => plate('data', { size: 5, subsampleSize: 6 }),
    message: [
      "PlateError: plate 'data': subsampleSize must be an integer from 1 to size 5; it is 6",
      '  Fix: draw fewer elements.',
    ],
  },
  {
    title: 'different subsample sizes in the model and the guide',
    run: () => {
      const trace = tracing(() => plate('data', { size: 9, subsampleSize: 3 }));
      return tracing(handlers.replay(() => plate('data', { size: 9, subsampleSize: 4 }), { trace }));
    },
    message: [
      "PlateError: plate 'data' has subsampleSize 4, but its subsample has 3 elements",
      '  Fix: give the plate the same size and subsampleSize in the model and in the guide.',
      "  Raised in the model after site 'data'.",
    ],
  },
  {
    title: 'subsample of data that is not as long as the plate',
    run: () => tracing(() => plate('data', { size: 9, subsampleSize: 3 }, () => subsample([1, 2, 3, 4]))),
    message: [
      "ShapeError: subsample: the data has shape [4] with eventDim 0, so 4 elements along plate 'data'",
      "  inside plate 'data' (size 3 of 9, dim -1).",
      "  Fix: pass data with 9 elements along that dim, or set eventDim so that the plate's dim is counted from the batch dims.",
      "  Raised in the model after site 'data'.",
      '  Shapes of the sites before:',
      '    data  plate  3 |  3 of 9',
    ],
  },
];
