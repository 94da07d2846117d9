/* data: N, D, x[N][D], y[N]; q: intercept, beta[D], log phi; y ~ NB(total_count phi, logits eta - log phi) */
#include "harness.h"
static int N, D;
static const double *x, *y;
static double constant;

void setup(const double *data) {
  N = (int)data[0];
  D = (int)data[1];
  x = data + 2;
  y = x + (size_t)N * D;
  /* intercept, beta ~ N(0, 2.5); phi ~ Exponential(1) */
  constant = -(D + 1) * (0.5 * LOG_2PI + log(2.5));
  for (int i = 0; i < N; i++) constant -= lgamma(y[i] + 1);
}

/* D known at compile time: the inner loops unroll. */
static inline __attribute__((always_inline)) double evaluate(int D, const double *q, double *grad) {
  const double *beta = q + 1;
  double *g = grad + 1;
  double logphi = q[D + 1], phi = exp(logphi);
  double lp = constant - 0.5 * q[0] * q[0] / 6.25 - phi + logphi;
  double g0 = -q[0] / 6.25, gphi = 0, glogit = 0;
  for (int d = 0; d < D; d++) {
    lp -= 0.5 * beta[d] * beta[d] / 6.25;
    g[d] = -beta[d] / 6.25;
  }
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
    double u = eta - logphi; /* log odds */
    double e = exp(-fabs(u)), l = log1p(e);
    double sp = (u > 0 ? u : 0) + l; /* softplus(u) = -log(1 - p) */
    double p = (u >= 0 ? 1 : e) / (1 + e);
    lp += lgamma(y[i] + phi) + y[i] * (u - sp) - phi * sp;
    double r = y[i] * (1 - p) - phi * p;
    gphi += digamma(y[i] + phi) - sp;
    glogit += r;
    g0 += r;
    for (int d = 0; d < D; d++) g[d] += r * row[d];
  }
  lp -= N * lgamma(phi);
  grad[0] = g0;
  grad[D + 1] = (gphi - N * digamma(phi)) * phi - glogit - phi + 1;
  return lp;
}

double value_and_grad(const double *q, double *grad) {
  return D == 10 ? evaluate(10, q, grad) : evaluate(D, q, grad);
}
