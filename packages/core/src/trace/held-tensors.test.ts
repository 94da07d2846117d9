import { Normal, TransformedDistribution, transforms } from '@pyro-ts/distributions';
import { tf } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import { handlers, sample, type Trace } from '../index';

const model = (): void => {
  const shift = sample('shift', Normal(0, 1));
  sample('x', TransformedDistribution(Normal(0, 1), [transforms.AffineTransform(shift, tf.exp(shift))]));
};
const density = (t: Trace): number => tf.tidy(() => t.logProbSum().dataSync()[0]);

it('a trace keeps the tensors that its transforms close over, so that its density outlives the run', () => {
  const t = handlers.trace(handlers.seed(model, { seed: 0 })).getTrace();
  const [shift, x] = [t.data('shift').data[0], t.data('x').data[0]];
  const z = (x - shift) / Math.exp(shift);
  expectClose(density(t), -(shift ** 2) / 2 - z ** 2 / 2 - shift - Math.log(2 * Math.PI));
});
