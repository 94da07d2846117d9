/** Draws of several sites as plain arrays: taking one out, putting many together. */
import { sizeOf, type NdArray, type Shape } from '@pyro-ts/ops';
import { PredictiveError } from '../errors';

/** Values by site. */
export type Draws = Readonly<Record<string, NdArray>>;

/**
 * The leading dims that count draws.
 * @throws {PredictiveError} if sites disagree about them
 */
export function leadingShape(samples: Draws, batchNdims: number): Shape {
  const entries = Object.entries(samples);
  if (entries.length === 0) {
    throw new PredictiveError(
      'posteriorSamples is empty',
      'pass the draws of MCMC or of a guide, or numSamples for the prior.',
    );
  }
  const [[first, { shape }]] = entries;
  const leading = shape.slice(0, batchNdims);
  for (const [name, other] of entries) {
    const own = other.shape.slice(0, batchNdims);
    if (own.length === batchNdims && own.every((n, i) => n === leading[i])) continue;
    throw new PredictiveError(
      `posteriorSamples disagree about the number of draws: '${first}' has shape [${shape.join(', ')}], '${name}' ` +
        `[${other.shape.join(', ')}], with batchNdims ${batchNdims}`,
      'give all sites the same leading dims; batchNdims says how many of them count draws.',
    );
  }
  return leading;
}

/** One draw of every site. */
export function drawAt(samples: Draws, batchNdims: number, index: number): Draws {
  return Object.fromEntries(
    Object.entries(samples).map(([name, { data, shape, dtype }]) => {
      const own = shape.slice(batchNdims);
      const size = sizeOf(own);
      return [name, { data: data.subarray(index * size, (index + 1) * size), shape: own, dtype }];
    }),
  );
}

/** Many draws as one array a site, with the given leading dims. */
export function stackDraws(rows: readonly Draws[], leading: Shape): Draws {
  return Object.fromEntries(
    Object.entries(rows[0] ?? {}).map(([name, { shape, dtype }]) => {
      const size = sizeOf(shape);
      const length = rows.length * size;
      const data =
        dtype === 'float32'
          ? new Float64Array(length)
          : dtype === 'int32'
            ? new Int32Array(length)
            : new Uint8Array(length);
      rows.forEach((row, i) => {
        const { data: own, shape: other } = row[name] ?? { data: [], shape: [] };
        if (own.length !== size) {
          throw new PredictiveError(
            `site '${name}' has shape [${shape.join(', ')}] in the first run of the model, [${other.join(', ')}] in run ${i}`,
            'let neither the presence nor the shape of a returned site depend on random choices, or leave it out of returnSites.',
          );
        }
        data.set(own, i * size);
      });
      return [name, { data, shape: [...leading, ...shape], dtype }];
    }),
  );
}
