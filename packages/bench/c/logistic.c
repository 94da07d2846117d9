/* data: N, D, x[N][D], y[N]; q: intercept, beta[D]. Rows in blocks that stay in L1. */
#include "harness.h"
#define BLOCK 128
static int N, D;
static const double *x, *y;
static double constant;

void setup(const double *data) {
  N = (int)data[0];
  D = (int)data[1];
  x = data + 2;
  y = x + (size_t)N * D;
  constant = -(D + 1) * (0.5 * LOG_2PI + log(2.5));
}

/* D known at compile time: the inner loops unroll. */
#define PASS(D)                                                                                                       \
  for (int start = 0; start < N; start += BLOCK) {                                                                   \
    int n = N - start < BLOCK ? N - start : BLOCK;                                                                    \
    const double *xb = x + (size_t)start * (D);                                                                       \
    double eta[BLOCK];                                                                                               \
    for (int i = 0; i < n; i++) {                                                                                     \
      double s0 = q[0], s1 = 0;                                                                                       \
      int d = 0;                                                                                                     \
      for (; d + 1 < (D); d += 2) {                                                                                   \
        s0 += xb[(size_t)i * (D) + d] * beta[d];                                                                      \
        s1 += xb[(size_t)i * (D) + d + 1] * beta[d + 1];                                                              \
      }                                                                                                              \
      if (d < (D)) s0 += xb[(size_t)i * (D) + d] * beta[d];                                                           \
      eta[i] = s0 + s1;                                                                                              \
    }                                                                                                                \
    for (int i = 0; i < n; i++) {                                                                                     \
      double e = exp(-fabs(eta[i]));                                                                                 \
      lp += y[start + i] * eta[i] - (eta[i] > 0 ? eta[i] : 0) - log1p(e);                                             \
      double p = (eta[i] >= 0 ? 1 : e) / (1 + e);                                                                    \
      eta[i] = y[start + i] - p;                                                                                     \
      g0 += eta[i];                                                                                                  \
    }                                                                                                                \
    for (int i = 0; i < n; i++)                                                                                       \
      for (int d = 0; d < (D); d++) g[d] += eta[i] * xb[(size_t)i * (D) + d];                                         \
  }

double value_and_grad(const double *q, double *grad) {
  const double *beta = q + 1;
  double *g = grad + 1;
  double lp = constant, g0 = 0;
  memset(g, 0, D * sizeof(double));
  if (D == 10) {
    double local[10] = {0};
    double *g = local;
    PASS(10)
    memcpy(grad + 1, local, sizeof local);
  } else if (D == 100) {
    PASS(100)
  } else {
    PASS(D)
  }
  lp -= 0.5 * q[0] * q[0] / 6.25;
  grad[0] = g0 - q[0] / 6.25;
  for (int d = 0; d < D; d++) {
    lp -= 0.5 * beta[d] * beta[d] / 6.25;
    g[d] -= beta[d] / 6.25;
  }
  return lp;
}
