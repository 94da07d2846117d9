import { infer, optim } from 'pyro-ts';
import { settings, timed } from '../shared/support.ts';
import data from './data.json' with { type: 'json' };
import expected from './expected.json' with { type: 'json' };
import { model } from './model.ts';
import { standardise } from './standardise.ts';

const { quick, seed, steps } = settings();
const x = standardise(data.rows);

console.log(
  `Malignant or not, ${x.length} tumours, ${data.columns.length} measurements, minibatches of 64\n`,
);

const guide = infer.AutoMultivariateNormal(model);
const schedule = optim.exponentialDecay({ initial: 0.05, decayRate: 0.05, decaySteps: steps });
const svi = infer.SVI({
  model,
  guide,
  optim: optim.Adam({ learningRate: schedule }),
  loss: infer.TraceELBO(),
});
const { params, losses } = await timed(`SVI, ${steps} steps`, () =>
  svi.run({ steps, seed }, x, data.malignant),
);

const tail = losses.slice(-Math.ceil(steps / 10));
console.log(
  `ELBO, mean of the last tenth: ${(-tail.reduce((sum, v) => sum + v, 0) / tail.length).toFixed(1)}`,
);

const median = guide.median(params);
const [intercept] = median.intercept.data;
const beta = Array.from(median.beta.data);
data.columns.forEach((name, j) => console.log(`${name.padEnd(24)} ${beta[j].toFixed(2)}`));

const correct = x.filter((row, i) => {
  const logit = row.reduce((sum, v, j) => sum + v * beta[j], intercept);
  return Number(logit > 0) === data.malignant[i];
}).length;
console.log(`accuracy on the data: ${((100 * correct) / x.length).toFixed(1)} %`);

/** Distance of the guide's median from the posterior mean that a long NUTS run found, in posterior sds. */
const far = beta.map((b, j) => Math.abs(b - expected.beta.mean[j]) / expected.beta.sd[j]);
const worst = Math.max(...far);
console.log(`checked against NUTS: largest distance ${worst.toFixed(2)} posterior sds`);
if (!(worst < (quick ? 1 : 0.4))) process.exitCode = 1;
