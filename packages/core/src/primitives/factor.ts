/** `factor`: adds a term to the log density. */
import { lift, type TensorLike } from '@pyro-ts/ops';
import { blank } from '../messages/blank';
import type { Infer } from '../messages/message';
import { checkWeights } from '../shapes/check-weights';
import { applyStack, defineKind } from '../stack/apply-stack';

export interface FactorOptions {
  readonly infer?: Infer | undefined;
}

/** @param logFactor nats, batch-shaped; inside a plate it counts once for every element */
export function factor(name: string, logFactor: TensorLike, options: FactorOptions = {}): void {
  applyStack({
    ...blank,
    kind: 'factor',
    name,
    value: lift(logFactor),
    scale: 1,
    mask: true,
    infer: options.infer ?? {},
  });
}

defineKind('factor', (message) => {
  checkWeights(message);
  return message;
});
