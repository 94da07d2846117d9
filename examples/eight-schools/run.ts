import { infer } from 'pyro-ts';
import { checkMeans, progress, settings, timed } from '../shared/support.ts';
import data from './data.json' with { type: 'json' };
import expected from './expected.json' with { type: 'json' };
import { model } from './model.ts';

const { seed, numWarmup, numSamples, numChains } = settings();

console.log('Effects of coaching in eight schools\n');

const mcmc = infer.MCMC(infer.NUTS(model, { targetAcceptProb: 0.9 }), {
  numWarmup,
  numSamples,
  numChains,
  seed,
  onEvent: progress,
});
await timed(`NUTS, ${numChains} chains of ${numWarmup} + ${numSamples}`, () =>
  mcmc.run(data.effects, data.standardErrors),
);
mcmc.printSummary();
checkMeans(mcmc.getSamples({ groupByChain: true }), expected);
