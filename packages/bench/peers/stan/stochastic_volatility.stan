data {
  int<lower=1> n;
  vector[n] returns;
}
parameters {
  real<lower=0> sigma;
  real<lower=0> nu;
  vector[n] z;
}
model {
  sigma ~ exponential(50);
  nu ~ exponential(0.1);
  z ~ std_normal();
  returns ~ student_t(nu, 0, exp(sigma * cumulative_sum(z)));
}
