import { infer } from 'pyro-ts';
import { checkMeans, progress, settings, timed } from '../shared/support.ts';
import data from './data.json' with { type: 'json' };
import expected from './expected.json' with { type: 'json' };
import { model } from './model.ts';

const { seed, numWarmup, numSamples, numChains } = settings();

console.log(
  `Short and long waiting times in the order of ${data.waiting.length} eruptions of Old Faithful\n`,
);

const mcmc = infer.MCMC(infer.NUTS(model), { numWarmup, numSamples, numChains, seed, onEvent: progress });
await timed(`NUTS, ${numChains} chains of ${numWarmup} + ${numSamples}`, () => mcmc.run(data.waiting));
mcmc.printSummary();
checkMeans(mcmc.getSamples({ groupByChain: true }), expected);
