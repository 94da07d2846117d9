/**
 * A tensor in JavaScript arithmetic (`x + 1`, `x > 0`) would silently give text or NaN. With this it is an error.
 * `if (x)` cannot be seen at run time: a lint rule looks for it.
 */
import { formatShape, tf } from '@pyro-ts/ops';
import { TensorCoercionError } from '../errors';
import { lastSite, originOf } from './provenance';

function refuseCoercion(this: tf.Tensor, hint: string): string {
  if (hint === 'string') return this.toString();
  const site = originOf(this) ?? undefined;
  const after = site === undefined && lastSite() !== undefined ? `, after site '${lastSite()}',` : '';
  throw new TensorCoercionError({
    site,
    problem: `a tensor of shape ${formatShape(this.shape)}${after} was used as a JavaScript number or in a comparison`,
    fix: 'use tensor operations: x.add(1), x.greater(0), tf.where(condition, a, b). To read a number outside a model: x.dataSync()[0].',
  });
}

Object.defineProperty(tf.Tensor.prototype, Symbol.toPrimitive, {
  value: refuseCoercion,
  configurable: true,
  writable: true,
});
