data {
  int<lower=1> n;
  int<lower=1> d;
  matrix[n, d] x;
  vector[n] y;
}
parameters {
  real intercept;
  vector[d] beta;
  real<lower=0> nu;
  real<lower=0> sigma;
}
model {
  intercept ~ normal(0, 5);
  beta ~ normal(0, 5);
  nu ~ gamma(2, 0.1);
  sigma ~ normal(0, 5);
  y ~ student_t(nu, intercept + x * beta, sigma);
}
