/** The posteriors of posteriordb that are written as models here. */
import { gpPoisson, gpRegression } from './gaussian-processes';
import { hmmDrive, hmmExample } from './hidden-markov';
import { eightSchools, gaussMix } from './hierarchies';
import type { PosteriorDeclaration } from './posterior';
import {
  blr,
  diamonds,
  earnHeight,
  kidscoreMomIq,
  kidscoreMomWork,
  kilpisjarvi,
  logEarnInteraction,
  logMesquite,
  nes,
} from './regressions';
import { arK, arma11, garch11 } from './time-series';

export const posteriors: readonly PosteriorDeclaration[] = [
  arK,
  arma11,
  hmmDrive,
  diamonds,
  earnHeight,
  logEarnInteraction,
  eightSchools,
  garch11,
  gpPoisson,
  gpRegression,
  hmmExample,
  kidscoreMomIq,
  kidscoreMomWork,
  kilpisjarvi,
  gaussMix,
  logMesquite,
  nes,
  blr,
];

export { discreteLatents } from './discrete-latents';
export { loadPosterior, type Posterior, type PosteriorDeclaration, type Reference } from './posterior';
