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
