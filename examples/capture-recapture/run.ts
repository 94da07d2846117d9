import { infer } from 'pyro-ts';
import { checkMeans, progress, settings, timed } from '../shared/support.ts';
import data from './data.json' with { type: 'json' };
import expected from './expected.json' with { type: 'json' };
import { expand, model } from './model.ts';

const { seed, numWarmup, numSamples, numChains } = settings();
const releases = expand(data.released, data.recaptured);
const floods = data.released.map((_, i) => data.floodYears.includes(data.firstYear + i));

console.log(`Survival of dippers: ${releases.released.length} releases in ${floods.length} years\n`);

const mcmc = infer.MCMC(infer.NUTS(model), { numWarmup, numSamples, numChains, seed, onEvent: progress });
await timed(`NUTS, ${numChains} chains of ${numWarmup} + ${numSamples}`, () => mcmc.run(releases, floods));
mcmc.printSummary();
checkMeans(mcmc.getSamples({ groupByChain: true }), expected);
