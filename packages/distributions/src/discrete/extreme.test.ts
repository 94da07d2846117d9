import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lift, tf, type TensorLike } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import { families, type AnyFactory } from '..';

/** Random parameters over many magnitudes, values near the mode and far out; 80-digit arithmetic, rounded once. */
interface Row {
  readonly family: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly value: TensorLike;
  readonly logProb: number;
  readonly gradients: Readonly<Record<string, number | readonly number[]>>;
}
const rows = JSON.parse(
  readFileSync(join(__dirname, '..', '..', 'test', 'tables', 'masses-extreme.json'), 'utf8'),
) as Row[];

describe.each([...new Set(rows.map(({ family }) => family))])('%s', (family) => {
  it('keeps its digits for counts to 1e9: log mass within 1e-12 (1 + |b|), gradients within 1e-10', () => {
    for (const row of rows.filter((r) => r.family === family)) {
      tf.tidy(() => {
        const names = Object.keys(row.gradients);
        const logProb = (...xs: tf.Tensor[]): tf.Tensor =>
          (families.get(family) as AnyFactory)({
            ...row.params,
            ...Object.fromEntries(names.map((name, i) => [name, xs[i]])),
          }).logProb(row.value);
        const points = names.map((name) => lift(row.params[name] as TensorLike, 'float32'));
        const { value, grads } = tf.valueAndGrads(logProb)(points);
        const where = JSON.stringify(row);
        expectClose(value.dataSync(), [row.logProb], { abs: 1e-12 * (1 + Math.abs(row.logProb)) }, where);
        names.forEach((name, i) => {
          const gradient = row.gradients[name];
          const expected = typeof gradient === 'number' ? [gradient] : gradient;
          grads[i].dataSync().forEach((g, j) => {
            expectClose(g, expected[j], { abs: 1e-10 * (1 + Math.abs(expected[j])) }, where);
          });
        });
      });
    }
  });
});
