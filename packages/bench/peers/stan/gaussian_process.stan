data {
  int<lower=1> n;
  array[n] real x;
  vector[n] y;
}
transformed data {
  vector[n] zeros = rep_vector(0, n);
}
parameters {
  real<lower=0> rho;
  real<lower=0> alpha;
  real<lower=0> sigma;
}
model {
  matrix[n, n] covariance = add_diag(gp_exp_quad_cov(x, alpha, rho), square(sigma));
  rho ~ inv_gamma(5, 5);
  alpha ~ std_normal();
  sigma ~ std_normal();
  y ~ multi_normal_cholesky(zeros, cholesky_decompose(covariance));
}
