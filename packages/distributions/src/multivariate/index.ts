export { Dirichlet } from './dirichlet';
export { LKJCholesky } from './lkj-cholesky';
export { MultivariateNormal } from './multivariate-normal';
