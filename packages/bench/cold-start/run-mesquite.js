// Log weight of mesquite bushes on six measurements (posteriordb's mesquite-logmesquite): 4 chains of 1,000 + 1,000.
const { constraints, dist, infer, lift, plate, sample, tf } = require('pyro-ts');
const bushes = require('../../testing/posteriordb/mesquite-logmesquite/data.json');

const measured = ['diam1', 'diam2', 'canopy_height', 'total_height', 'density'];
const x = bushes.weight.map((_, i) => [
  1,
  ...measured.map((name) => Math.log(bushes[name][i])),
  bushes.group[i],
]);
const logWeight = bushes.weight.map(Math.log);

function mesquite() {
  const beta = sample('beta', dist.ImproperUniform(constraints.real, [], [7]));
  const sigma = sample('sigma', dist.ImproperUniform(constraints.positive, [], []));
  const mean = tf.matMul(lift(x), beta.expandDims(1)).squeeze([1]);
  plate('bushes', logWeight.length, () => sample('logWeight', dist.Normal(mean, sigma), { obs: logWeight }));
}

const mcmc = infer.MCMC(infer.NUTS(mesquite), { numWarmup: 1000, numSamples: 1000, seed: 1 });
mcmc.run().then(() => mcmc.printSummary());
