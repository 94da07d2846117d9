data {
  int<lower=1> n;
  int<lower=1> d;
  matrix[n, d] x;
  array[n] int<lower=0> y;
}
parameters {
  real intercept;
  vector[d] beta;
  real<lower=0> phi;
}
model {
  intercept ~ normal(0, 2.5);
  beta ~ normal(0, 2.5);
  phi ~ exponential(1);
  y ~ neg_binomial_2_log_glm(x, intercept, beta, phi);
}
