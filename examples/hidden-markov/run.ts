import { handlers, infer } from 'pyro-ts';
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

/** The states were summed out. How probable each is, over all posterior draws, and the most probable path at the posterior means: */
const { waiting } = data;
const posteriorSamples = mcmc.getSamples();
const marginals = infer.computeMarginals(model, { posteriorSamples })(waiting);
const isLong = waiting.map((_, t) => mean(marginals[`state_${t}`].data, 1, 2));
const means = Object.fromEntries(
  ['first', 'gaps', 'scales', 'transition'].map((site) => {
    const { data: draws, shape } = posteriorSamples[site];
    const size = draws.length / shape[0];
    const averages = Float64Array.from({ length: size }, (_, i) => mean(draws, i, size));
    return [site, { data: averages, shape: shape.slice(1), dtype: 'float32' as const }];
  }),
);
const decoded = infer.inferDiscrete(handlers.substitute(model, { data: means }), { temperature: 0 });
const path = handlers.trace(decoded).getTrace(waiting);
const states = waiting.map((_, t) => path.data(`state_${t}`).data[0]);
console.log(`most probable path: ${states.slice(0, 60).map((state) => 'sL'[state]).join('')}…`); // prettier-ignore
const certain = isLong.filter((p) => p < 0.01 || p > 0.99).length;
console.log(`${certain} of ${waiting.length} states are certain to 99 %`);
const contradicted = states.filter((state, t) => Math.abs(isLong[t] - state) > 0.99).length;
if (certain < waiting.length / 2 || contradicted > 0) process.exitCode = 1;

/** Of column `at` of rows of `size` numbers. */
function mean(values: ArrayLike<number>, at: number, size: number): number {
  let sum = 0;
  for (let i = at; i < values.length; i += size) sum += values[i];
  return (sum * size) / values.length;
}
