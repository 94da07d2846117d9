/** Kullback–Leibler divergences in closed form. */
import './wrappers';
import './discrete';
import './continuous';
import './cross';
import './dirichlet';
import './kumaraswamy';
import './multivariate';
import './disjoint';

export { klDivergence, registerKl, type FamilyKey, type KlFormula } from './registry';
