data {
  int<lower=1> n;
  vector[n] y;
  vector<lower=0>[n] se;
}
parameters {
  real mu;
  real<lower=0> tau;
  vector[n] thetaTrans;
}
transformed parameters {
  vector[n] theta = mu + tau * thetaTrans;
}
model {
  mu ~ normal(0, 5);
  tau ~ cauchy(0, 5);
  thetaTrans ~ std_normal();
  y ~ normal(theta, se);
}
