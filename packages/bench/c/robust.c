/* data: N, D, x[N][D], y[N]; q: intercept, beta[D], log nu, log sigma */
#include "harness.h"
static int N, D;
static const double *x, *y;
static double constant;

void setup(const double *data) {
  N = (int)data[0];
  D = (int)data[1];
  x = data + 2;
  y = x + (size_t)N * D;
  /* intercept, beta ~ N(0, 5); nu ~ Gamma(2, 0.1); sigma ~ HalfNormal(5) */
  constant = -(D + 1) * (0.5 * LOG_2PI + log(5)) + 2 * log(0.1) + 0.5 * log(2 / M_PI) - log(5);
}

/* D known at compile time: the inner loops unroll. */
static inline __attribute__((always_inline)) double evaluate(int D, const double *q, double *grad) {
  const double *beta = q + 1;
  double *g = grad + 1;
  double nu = exp(q[D + 1]), sigma = exp(q[D + 2]);
  double lp = constant - 0.5 * q[0] * q[0] / 25 + 2 * q[D + 1] - 0.1 * nu - 0.5 * sigma * sigma / 25 + q[D + 2];
  double g0 = -q[0] / 25, gnu = 0, gs = 0;
  for (int d = 0; d < D; d++) {
    lp -= 0.5 * beta[d] * beta[d] / 25;
    g[d] = -beta[d] / 25;
  }
  double is = 1 / sigma, inu = 1 / nu, sum = 0;
  for (int i = 0; i < N; i++) {
    const double *row = x + (size_t)i * D;
    double eta = q[0], odd = 0;
    int k = 0;
    for (; k + 1 < D; k += 2) {
      eta += row[k] * beta[k];
      odd += row[k + 1] * beta[k + 1];
    }
    if (k < D) eta += row[k] * beta[k];
    eta += odd;
    double z = (y[i] - eta) * is;
    double t = z * z * inu;
    double w = 1 / (1 + t);
    sum += log1p(t);
    double r = (nu + 1) * z * inu * w * is;
    gnu += t * w;
    gs += r * z;
    g0 += r;
    for (int d = 0; d < D; d++) g[d] += r * row[d];
  }
  double c = lgamma(0.5 * (nu + 1)) - lgamma(0.5 * nu) - 0.5 * log(nu) - 0.5 * LOG_PI - q[D + 2];
  lp += N * c - 0.5 * (nu + 1) * sum;
  grad[0] = g0;
  double dnu = N * 0.5 * (digamma(0.5 * (nu + 1)) - digamma(0.5 * nu) - inu) - 0.5 * sum + 0.5 * (nu + 1) * inu * gnu;
  grad[D + 1] = dnu * nu + 2 - 0.1 * nu;
  grad[D + 2] = gs * sigma - N + 1 - sigma * sigma / 25;
  return lp;
}

double value_and_grad(const double *q, double *grad) {
  return D == 10 ? evaluate(10, q, grad) : evaluate(D, q, grad);
}
