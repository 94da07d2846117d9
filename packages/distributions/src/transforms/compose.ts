/** Transforms one after the other. */
import { lift, tf, type TensorLike } from '@pyro-ts/ops';
import { independent, type Constraint } from '../constraints';
import { sumLast } from '../constraints/parts';
import { IdentityTransform } from './elementwise';
import { defineTransform, type Intermediates, type Transform } from './transform';

/** A part's input and output, kept for the log-determinant. */
interface Stage {
  readonly x: tf.Tensor;
  readonly y: tf.Tensor;
  readonly intermediates?: Intermediates;
}

const widen = (constraint: Constraint, eventDim: number): Constraint =>
  independent(constraint, Math.max(0, eventDim - constraint.eventDim));

/** Event dims that the chain needs at its start: enough for every part. */
function domainEventDim(parts: readonly Transform[]): number {
  return parts.reduceRight(
    (needed, part) => Math.max(part.domain.eventDim, needed + part.domain.eventDim - part.codomain.eventDim),
    parts[parts.length - 1].codomain.eventDim,
  );
}

function stagesOf(parts: readonly Transform[], x: tf.Tensor): readonly Stage[] {
  let value = x;
  return parts.map((part) => {
    const stage = { x: value, ...part.callWithIntermediates(value) };
    value = stage.y;
    return stage;
  });
}

/** Whether the composition of monotone maps rises: the product of their signs. */
const productOfSigns = (parts: readonly Transform[]): TensorLike =>
  parts
    .map((part) => part.sign)
    .reduce((a, b) => (typeof a === 'number' && typeof b === 'number' ? a * b : tf.mul(lift(a), lift(b))), 1);

/** y = fₙ(…f₂(f₁(x))). Event dims are those of the widest part; narrower parts' log-determinants are summed over them. */
export function ComposeTransform(transforms: readonly Transform[]): Transform {
  const parts = transforms.flatMap((part) =>
    part.name === 'ComposeTransform' ? (part.args.parts as Transform[]) : [part],
  );
  if (parts.length === 0) return IdentityTransform();
  if (parts.length === 1) return parts[0];
  const eventDim = domainEventDim(parts);
  const finalEventDim = parts.reduce(
    (n, part) => n + part.codomain.eventDim - part.domain.eventDim,
    eventDim,
  );
  const logDet = (x: tf.Tensor, _: tf.Tensor, given?: Intermediates): tf.Tensor => {
    const stages = (given as readonly Stage[] | undefined) ?? stagesOf(parts, x);
    let dims = eventDim;
    const terms = parts.map((part, i) => {
      const stage = stages[i];
      const term = part.logAbsDetJacobian(stage.x, stage.y, stage.intermediates);
      const summed = sumLast(term, dims - part.domain.eventDim);
      dims += part.codomain.eventDim - part.domain.eventDim;
      return summed;
    });
    return terms.reduce((a, b) => tf.add(a, b));
  };
  return defineTransform({
    name: 'ComposeTransform',
    args: { parts },
    isAffine: parts.every((part) => part.isAffine),
    domain: widen(parts[0].domain, eventDim),
    codomain: widen(parts[parts.length - 1].codomain, finalEventDim),
    get sign() {
      return productOfSigns(parts);
    },
    forward: (x) => parts.reduce((value, part) => part.call(value), x),
    backward: (y) => parts.reduceRight((value, part) => part.inverse(value), y),
    ...(parts.every((part) => part.bijective) && { logDet }),
    forwardWithIntermediates: (x) => {
      const stages = stagesOf(parts, x);
      return { y: stages[stages.length - 1].y, intermediates: stages };
    },
    forwardShape: (shape) => parts.reduce((s, part) => part.forwardShape(s), shape),
    inverseShape: (shape) => parts.reduceRight((s, part) => part.inverseShape(s), shape),
  });
}
