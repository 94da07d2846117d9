data {
  int<lower=6> n;
  vector[n] y;
}
transformed data {
  matrix[n - 5, 5] lags;
  for (p in 1:5)
    lags[, p] = segment(y, 6 - p, n - 5);
  vector[n - 5] later = tail(y, n - 5);
}
parameters {
  real alpha;
  vector[5] beta;
  real<lower=0> sigma;
}
model {
  alpha ~ normal(0, 10);
  beta ~ normal(0, 10);
  sigma ~ cauchy(0, 2.5);
  later ~ normal_id_glm(lags, alpha, beta, sigma);
}
