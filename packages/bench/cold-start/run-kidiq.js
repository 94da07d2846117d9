// Children's test scores on their mothers' IQ (posteriordb's kidiq-kidscore_momiq): 4 chains of 1,000 + 1,000.
const { constraints, dist, infer, plate, sample } = require('pyro-ts');
const { mom_iq: iq, kid_score: score } = require('../../testing/posteriordb/kidiq-kidscore_momiq/data.json');

const mean = iq.reduce((sum, v) => sum + v, 0) / iq.length;
const centred = iq.map((v) => v - mean);

function kidiq() {
  const intercept = sample('intercept', dist.ImproperUniform(constraints.real, [], []));
  const slope = sample('slope', dist.ImproperUniform(constraints.real, [], []));
  const sigma = sample('sigma', dist.HalfCauchy(2.5));
  plate('children', score.length, () => {
    sample('score', dist.Normal(slope.mul(centred).add(intercept), sigma), { obs: score });
  });
}

const mcmc = infer.MCMC(infer.NUTS(kidiq), { numWarmup: 1000, numSamples: 1000, seed: 1 });
mcmc.run().then(() => mcmc.printSummary());
