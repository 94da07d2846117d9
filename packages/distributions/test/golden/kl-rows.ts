/** kl.json: closed-form divergences. */
import { tf } from '@pyro-ts/ops';
import * as library from '../../src';
import { distributionFrom, type Spec } from './build';
import { VALUE_BOUND } from './distribution-rows';
import { judge, NotImplemented, type Outcome } from './outcome';

export interface KlRow {
  readonly id: string;
  readonly p: Spec;
  readonly q: Spec;
  readonly batch_shape: readonly number[];
  readonly kl: unknown;
}

type Divergence = (p: library.Distribution, q: library.Distribution) => tf.Tensor;

export function runKlRow(row: KlRow): Outcome {
  return tf.tidy(
    () =>
      judge({ table: 'kl', family: `${row.p.dist} || ${row.q.dist}`, id: row.id }, (c) => {
        const { klDivergence } = library as unknown as { klDivergence?: Divergence };
        if (klDivergence === undefined) throw new NotImplemented('klDivergence');
        const [p, q] = [distributionFrom(row.p), distributionFrom(row.q)];
        let kl: tf.Tensor;
        try {
          kl = klDivergence(p, q);
        } catch (error) {
          if ((error as Error).name !== 'UnsupportedError') throw error;
          throw new NotImplemented((error as Error).message);
        }
        c.shape('shape', kl.shape, row.batch_shape);
        c.tensor('kl', kl, row.kl, VALUE_BOUND);
      }) as never,
  );
}
