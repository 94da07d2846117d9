import { infer, optim } from 'pyro-ts';
import { checkMeans, progress, settings, timed } from '../shared/support.ts';
import data from './data.json' with { type: 'json' };
import expected from './expected.json' with { type: 'json' };
import { model } from './model.ts';

const { seed, numWarmup, numSamples, numChains, steps } = settings();
const { motherIq, childScore } = data;

console.log(`Child test score on mother's IQ, ${childScore.length} children\n`);

const mcmc = infer.MCMC(infer.NUTS(model), { numWarmup, numSamples, numChains, seed, onEvent: progress });
await timed(`NUTS, ${numChains} chains of ${numWarmup} + ${numSamples}`, () =>
  mcmc.run(motherIq, childScore),
);
mcmc.printSummary();
checkMeans(mcmc.getSamples({ groupByChain: true }), expected);

const guide = infer.AutoNormal(model);
const svi = infer.SVI({
  model,
  guide,
  optim: optim.Adam({ learningRate: 0.02 }),
  loss: infer.TraceELBO({ numParticles: 4 }),
});
console.log('');
const { params, losses } = await timed(`SVI, ${steps} steps`, () =>
  svi.run({ steps, seed }, motherIq, childScore),
);
const tail = losses.slice(-500);
console.log(
  `ELBO, mean of the last ${tail.length} steps: ${(-tail.reduce((sum, v) => sum + v) / tail.length).toFixed(2)}`,
);
const bounds = guide.quantiles(params, [0.05, 0.5, 0.95]);
for (const [site, { data: q }] of Object.entries(bounds))
  console.log(
    `${site.padEnd(10)} median ${q[1].toFixed(2)}, 90 % from ${q[0].toFixed(2)} to ${q[2].toFixed(2)}`,
  );
