data {
  int<lower=1> n;
  vector[n] y;
}
parameters {
  simplex[3] weights;
  vector[3] mu;
  vector<lower=0>[3] sigma;
}
model {
  vector[3] log_weights = log(weights);
  mu ~ normal(0, 5);
  sigma ~ normal(0, 2);
  for (i in 1:n) {
    vector[3] terms = log_weights;
    for (k in 1:3)
      terms[k] += normal_lpdf(y[i] | mu[k], sigma[k]);
    target += log_sum_exp(terms);
  }
}
