/** NUTS on posteriors with known answers: 4 chains of 2,000 draws. */
import { essBulk, mcseMean, mean, rhat, standardDeviation } from '@pyro-ts/diagnostics';
import { MCMC, NUTS, type NutsKernelOptions } from '@pyro-ts/inference';
import { loadPosterior, posteriors } from '.';

/** Strongly correlated posteriors get a dense metric: short trajectories instead of long ones. */
const options: Readonly<Record<string, NutsKernelOptions>> = {
  'arK-arK': {},
  'arma-arma11': {},
  'bball_drive_event_0-hmm_drive_0': {},
  'diamonds-diamonds': { denseMass: true },
  'earnings-earn_height': { denseMass: true },
  'earnings-logearn_interaction': { denseMass: true },
  'eight_schools-eight_schools_noncentered': { targetAcceptProb: 0.95 },
  'garch-garch11': {},
  'gp_pois_regr-gp_pois_regr': {},
  'gp_pois_regr-gp_regr': {},
  'hmm_example-hmm_example': {},
  'kidiq-kidscore_momiq': { denseMass: true },
  'kidiq_with_mom_work-kidscore_mom_work': {},
  'kilpisjarvi_mod-kilpisjarvi': { denseMass: true },
  'low_dim_gauss_mix-low_dim_gauss_mix': {},
  'mesquite-logmesquite': {},
  'nes1976-nes': {},
  'sblrc-blr': {},
};

jest.setTimeout(600_000);

describe.each(Object.keys(options))('%s', (name) => {
  it('every mean within 4 combined MCSE of the reference, sd within 10 %, R-hat < 1.01', async () => {
    const posterior = loadPosterior(posteriors.find((declared) => declared.name === name) as never);
    const mcmc = MCMC(NUTS(posterior.model, options[name]), {
      numWarmup: 1000,
      numSamples: 2000,
      seed: 20_240_611,
    });
    const { samples } = await mcmc.run();
    const wrong: string[] = [];
    for (const [scalar, reference] of Object.entries(posterior.reference.parameters)) {
      const [, site, index] = /^(\w+)(?:\[(\d+)\])?$/.exec(scalar) as unknown as [string, string, string?];
      const { data, shape } = samples[site];
      const size = shape[2] ?? 1;
      const element = index === undefined ? 0 : Number(index) - 1;
      const chains = Array.from({ length: 4 }, (_, c) =>
        Float64Array.from({ length: 2000 }, (_unused, d) => data[(c * 2000 + d) * size + element]),
      );
      const all = chains.flatMap((chain) => [...chain]);
      const z = (mean(all) - reference.mean) / Math.hypot(mcseMean(chains), reference.mcse_mean);
      const sdRatio = standardDeviation(all) / reference.sd;
      const converged = rhat(chains);
      if (!(Math.abs(z) < 4 && Math.abs(sdRatio - 1) < 0.1 && converged < 1.01)) {
        wrong.push(`${scalar}: z ${z}, sd ratio ${sdRatio}, R-hat ${converged}, ESS ${essBulk(chains)}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});
