/* data: N, K=3, y[N]; q: two stick-breaking coordinates, mu[3], log sigma[3] */
#include "harness.h"
#define K 3
static int N;
static const double *y;
static double constant;

void setup(const double *data) {
  N = (int)data[0];
  y = data + 2;
  /* weights ~ Dirichlet(1, 1, 1); mu ~ N(0, 5); sigma ~ HalfNormal(2) */
  constant = log(2) - K * (0.5 * LOG_2PI + log(5)) + K * (0.5 * log(2 / M_PI) - log(2)) - N * 0.5 * LOG_2PI;
}

static double softplus(double x) { return (x > 0 ? x : 0) + log1p(exp(-fabs(x))); }

double value_and_grad(const double *q, double *grad) {
  /* Stick breaking with the offset log(K - 1 - i), so that q = 0 is the centre. */
  double u0 = q[0] - log(2), u1 = q[1];
  double l0 = -softplus(-u0), r0 = -softplus(u0), l1 = -softplus(-u1), r1 = -softplus(u1);
  double lw[K] = {l0, r0 + l1, r0 + r1};
  const double *mu = q + 2, *ls = q + 5;
  double is[K], gw[K] = {0}, gm[K] = {0}, gs[K] = {0}, off[K];
  /* log |det J| of stick breaking: sum of log z_i (1 - z_i) rest_i */
  double lp = constant + (l0 + r0) + (l1 + r1 + r0);
  for (int k = 0; k < K; k++) {
    is[k] = exp(-ls[k]);
    off[k] = lw[k] - ls[k];
  }
  for (int i = 0; i < N; i++) {
    double z[K], l[K], m, total = 0;
    for (int k = 0; k < K; k++) {
      z[k] = (y[i] - mu[k]) * is[k];
      l[k] = off[k] - 0.5 * z[k] * z[k];
    }
    m = l[0] > l[1] ? l[0] : l[1];
    m = m > l[2] ? m : l[2];
    for (int k = 0; k < K; k++) total += l[k] = exp(l[k] - m);
    lp += m + log(total);
    double it = 1 / total;
    for (int k = 0; k < K; k++) {
      double p = l[k] * it;
      gw[k] += p;
      gm[k] += p * z[k];
      gs[k] += p * z[k] * z[k];
    }
  }
  for (int k = 0; k < K; k++) {
    double s = exp(ls[k]);
    lp -= 0.5 * mu[k] * mu[k] / 25 + 0.5 * s * s / 4 - ls[k];
    grad[2 + k] = gm[k] * is[k] - mu[k] / 25;
    grad[5 + k] = gs[k] - gw[k] - s * s / 4 + 1;
  }
  double p0 = exp(l0), p1 = exp(l1);
  /* d lw/du0 = (1 - p0, -p0, -p0); the Jacobian terms l0 + 2 r0 and l1 + r1 */
  grad[0] = gw[0] * (1 - p0) - (gw[1] + gw[2]) * p0 + (1 - p0) - 2 * p0;
  grad[1] = gw[1] * (1 - p1) - gw[2] * p1 + (1 - p1) - p1;
  return lp;
}
