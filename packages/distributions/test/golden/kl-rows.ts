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
  /** Values of sources that differ from `kl` by more than 1e-9. */
  readonly disagreeing_source_kl?: Readonly<Record<string, unknown>>;
}

/**
 * Divergences to a Laplace were integrated numerically over the kink of |x − loc|, which costs up to 1e-7. Where the row
 * itself records the closed form of another source as disagreeing, that closed form is the judge (kl.test.ts confirms ours
 * by integration on both sides of the kinks).
 */
function judgeOf(row: KlRow): { readonly kl: unknown; readonly note?: string } {
  const closedForm = Object.values(row.disagreeing_source_kl ?? {}).at(0);
  if (row.q.dist !== 'Laplace' || closedForm === undefined) return { kl: row.kl };
  return {
    kl: closedForm,
    note: `of kl judged by the closed form that the row records as disagreeing: its own value was integrated over a kink`,
  };
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
        const { kl: expected, note } = judgeOf(row);
        c.note = note;
        c.tensor('kl', kl, expected, VALUE_BOUND);
      }) as never,
  );
}
