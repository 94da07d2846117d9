/* data: T, P=5, y[T]; q: alpha, beta[P], log sigma */
#include "harness.h"
#define P 5
static int T;
static const double *y;
static double constant;

void setup(const double *data) {
  T = (int)data[0];
  y = data + 2;
  /* alpha, beta ~ N(0, 10); sigma ~ HalfCauchy(2.5) */
  constant = -(P + 1) * (0.5 * LOG_2PI + log(10)) + log(2) - LOG_PI - log(2.5) - (T - P) * 0.5 * LOG_2PI;
}

double value_and_grad(const double *q, double *grad) {
  const double *beta = q + 1;
  double sigma = exp(q[P + 1]), is = 1 / sigma, t = sigma / 2.5;
  double g[P] = {0}, g0 = 0, ss = 0;
  double b0 = beta[0], b1 = beta[1], b2 = beta[2], b3 = beta[3], b4 = beta[4];
  for (int i = P; i < T; i++) {
    double e = y[i] - q[0] - b0 * y[i - 1] - b1 * y[i - 2] - b2 * y[i - 3] - b3 * y[i - 4] - b4 * y[i - 5];
    ss += e * e;
    g0 += e;
    g[0] += e * y[i - 1];
    g[1] += e * y[i - 2];
    g[2] += e * y[i - 3];
    g[3] += e * y[i - 4];
    g[4] += e * y[i - 5];
  }
  double iv = is * is;
  double lp = constant - 0.5 * ss * iv - (T - P) * q[P + 1] - log1p(t * t) + q[P + 1] - 0.5 * q[0] * q[0] / 100;
  grad[0] = g0 * iv - q[0] / 100;
  for (int p = 0; p < P; p++) {
    lp -= 0.5 * beta[p] * beta[p] / 100;
    grad[1 + p] = g[p] * iv - beta[p] / 100;
  }
  grad[P + 1] = ss * iv - (T - P) - 2 * t * t / (1 + t * t) + 1;
  return lp;
}
