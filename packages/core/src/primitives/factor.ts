/** `factor`: adds a term to the log density. */
import { withLabel, checkOptions, lift, type TensorLike } from '@pyro-ts/ops';
import { blank } from '../messages/blank';
import type { Infer } from '../messages/message';
import { checkWeights } from '../shapes/check-weights';
import { applyStack, defineKind } from '../stack/apply-stack';
import { checkName } from './check-name';

export interface FactorOptions {
  readonly infer?: Infer | undefined;
}

/** @param logFactor nats, batch-shaped; inside a plate it counts once for every element */
export function factor(name: string, logFactor: TensorLike, options: FactorOptions = {}): void {
  checkName('factor', name);
  checkOptions('factor', options, { infer: 'optional' }, name);
  applyStack({
    ...blank,
    kind: 'factor',
    name,
    value: withLabel(name, () => lift(logFactor)),
    scale: 1,
    mask: true,
    infer: options.infer ?? {},
  });
}

defineKind('factor', (message) => {
  checkWeights(message);
  return message;
});
