/** How NUTS is set for each posterior. */
import type { NutsKernelOptions } from '@pyro-ts/inference';

/** Strongly correlated posteriors get a dense metric: short trajectories instead of long ones. */
export const nutsOptions: Readonly<Record<string, NutsKernelOptions>> = {
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
