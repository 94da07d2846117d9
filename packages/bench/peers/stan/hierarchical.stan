data {
  int<lower=1> groups;
  int<lower=1> n;
  array[n] int<lower=1, upper=groups> group;
  vector[n] x;
  vector[n] y;
}
parameters {
  real muA;
  real muB;
  real<lower=0> sigmaA;
  real<lower=0> sigmaB;
  real<lower=0> sigma;
  vector[groups] a;
  vector[groups] b;
}
model {
  muA ~ normal(0, 5);
  muB ~ normal(0, 5);
  sigmaA ~ normal(0, 5);
  sigmaB ~ normal(0, 5);
  sigma ~ normal(0, 5);
  a ~ normal(muA, sigmaA);
  b ~ normal(muB, sigmaB);
  y ~ normal(a[group] + b[group] .* x, sigma);
}
