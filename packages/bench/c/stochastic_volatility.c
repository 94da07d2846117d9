/* data: T, r[T]; q: log sigma, log nu, z[T]; s = sigma * cumsum(z), r ~ StudentT(nu, 0, exp(s)) */
#include "harness.h"
static int T;
static const double *r;
static double *adjoint, constant;

void setup(const double *data) {
  T = (int)data[0];
  r = data + 1;
  adjoint = malloc(T * sizeof(double));
  /* sigma ~ Exponential(50), nu ~ Exponential(0.1) */
  constant = log(50) + log(0.1) - T * 0.5 * LOG_2PI;
}

double value_and_grad(const double *q, double *grad) {
  const double *z = q + 2;
  double sigma = exp(q[0]), nu = exp(q[1]), inu = 1 / nu;
  double lp = constant - 50 * sigma + q[0] - 0.1 * nu + q[1];
  double sum = 0, gnu = 0, path = 0, ss = 0, zz = 0;
  for (int t = 0; t < T; t++) {
    path += z[t];
    double s = sigma * path;
    double u = r[t] * exp(-s);
    double v = u * u * inu;
    double w = v / (1 + v);
    sum += log1p(v);
    gnu += w;
    ss += s;
    zz += z[t] * z[t];
    adjoint[t] = (nu + 1) * w - 1;
  }
  double c = lgamma(0.5 * (nu + 1)) - lgamma(0.5 * nu) - 0.5 * log(nu) - 0.5 * LOG_PI;
  lp += T * c - 0.5 * (nu + 1) * sum - ss - 0.5 * zz;
  double carry = 0, gsigma = 0;
  for (int t = T - 1; t >= 0; t--) {
    carry += adjoint[t];
    gsigma += carry * z[t];
    grad[2 + t] = sigma * carry - z[t];
  }
  grad[0] = gsigma * sigma - 50 * sigma + 1;
  double dnu = T * 0.5 * (digamma(0.5 * (nu + 1)) - digamma(0.5 * nu) - inu) - 0.5 * sum + 0.5 * (nu + 1) * inu * gnu;
  grad[1] = dnu * nu - 0.1 * nu + 1;
  return lp;
}
