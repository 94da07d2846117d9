import { infer, optim } from 'pyro-ts';
import { checkMeans, progress, settings, timed } from '../shared/support.ts';
import data from './data.json' with { type: 'json' };
import expected from './expected.json' with { type: 'json' };
import { model } from './model.ts';

const { quick, seed, numWarmup, numSamples, numChains, steps } = settings();
const { waiting } = data;

console.log(`Which kind of waiting time has each of ${waiting.length} eruptions of Old Faithful?\n`);

const mcmc = infer.MCMC(infer.NUTS(model), { numWarmup, numSamples, numChains, seed, onEvent: progress });
await timed(`NUTS, ${numChains} chains of ${numWarmup} + ${numSamples}`, () => mcmc.run(waiting));
mcmc.printSummary();
checkMeans(mcmc.getSamples({ groupByChain: true }), expected);

/** The assignments were summed out. Their probabilities, over all posterior draws, and draws of them: */
const posteriorSamples = mcmc.getSamples();
const { assignment: probs } = infer.computeMarginals(model, { posteriorSamples })(waiting);
const { assignment: drawn } = infer.Predictive(model, {
  posteriorSamples,
  returnSites: ['assignment'],
  seed,
})(waiting);
const [n, draws] = [waiting.length, drawn.shape[0]];
const isLong = waiting.map((_, i) => {
  const own = Array.from({ length: draws }, (_, d) => probs.data[2 * (d * n + i) + 1]);
  const p = own.reduce((a, b) => a + b) / draws;
  const count = own.reduce((sum, _, d) => sum + drawn.data[d * n + i], 0);
  // Five standard deviations of the draws around their probabilities, a false alarm in a million for each eruption.
  const sd = Math.sqrt(own.reduce((sum, x) => sum + x * (1 - x), 0));
  if (Math.abs(count - p * draws) > 5 * sd + 1) process.exitCode = 1;
  return p;
});
const doubtful = [...new Set(waiting.filter((_, i) => isLong[i] > 0.1 && isLong[i] < 0.9))].sort(
  (a, b) => a - b,
);
console.log('\nwaiting times that may be of either kind, with the probability of the longer one:');
console.log(doubtful.map((w) => `${w} min: ${isLong[waiting.indexOf(w)].toFixed(2)}`).join(', '));

/** The same by SVI: the guides cover the continuous sites, the objective sums the assignments out. */
for (const [name, Guide] of Object.entries({ AutoDelta: infer.AutoDelta, AutoNormal: infer.AutoNormal })) {
  const guide = Guide(model);
  const svi = infer.SVI({
    model,
    guide,
    optim: optim.Adam({
      learningRate: optim.exponentialDecay({ initial: 0.05, decayRate: 0.1, decaySteps: steps }),
    }),
    loss: infer.TraceEnumELBO(),
  });
  console.log();
  const { params } = await timed(`SVI with ${name}, ${steps} steps`, () => svi.run({ steps, seed }, waiting));
  const { weights, first, gaps, scales } = guide.median(params);
  console.log(
    `weights ${list(weights.data)}; scales ${list(scales.data)}; locations ${list([first.data[0]])} + ${list(gaps.data)}`,
  );
  const far = Math.abs(first.data[0] - expected.first.mean) / expected.first.sd;
  console.log(`first location: ${far.toFixed(2)} posterior sds from the mean of a long NUTS run`);
  if (!(far < (quick ? 1 : 0.5))) process.exitCode = 1;
}

function list(values: ArrayLike<number>): string {
  return Array.from(values, (v) => v.toFixed(2)).join(' ');
}
