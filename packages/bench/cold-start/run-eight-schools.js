// A user's script, from start to printed summary: 4 chains of 1,000 + 1,000.
const { deterministic, dist, infer, plate, sample } = require('pyro-ts');

const y = [28, 8, -3, 7, -1, 1, 18, 12];
const se = [15, 10, 16, 11, 9, 11, 10, 18];

function eightSchools() {
  const mu = sample('mu', dist.Normal(0, 5));
  const tau = sample('tau', dist.HalfCauchy(5));
  plate('schools', 8, () => {
    const z = sample('z', dist.Normal(0, 1));
    const theta = deterministic('theta', mu.add(tau.mul(z)));
    sample('y', dist.Normal(theta, se), { obs: y });
  });
}

const mcmc = infer.MCMC(infer.NUTS(eightSchools), { numWarmup: 1000, numSamples: 1000, seed: 1 });
mcmc.run().then(() => mcmc.printSummary());
