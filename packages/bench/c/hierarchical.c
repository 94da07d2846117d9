/* data: G, N, group[N], x[N], y[N]; q: mu_a, mu_b, log sigma_a, log sigma_b, log sigma, a[G], b[G] */
#include "harness.h"
static int G, N, *group;
static const double *x, *y;
static double constant;

void setup(const double *data) {
  G = (int)data[0];
  N = (int)data[1];
  group = malloc(N * sizeof(int));
  for (int i = 0; i < N; i++) group[i] = (int)data[2 + i];
  x = data + 2 + N;
  y = x + N;
  /* mu ~ N(0, 5), sigma ~ HalfNormal(5) */
  constant = -2 * (0.5 * LOG_2PI + log(5)) + 3 * (0.5 * log(2 / M_PI) - log(5)) - (2 * G + N) * 0.5 * LOG_2PI;
}

double value_and_grad(const double *q, double *grad) {
  const double *a = q + 5, *b = a + G;
  double *ga = grad + 5, *gb = ga + G;
  double sa = exp(q[2]), sb = exp(q[3]), s = exp(q[4]);
  double lp = constant - 0.5 * (q[0] * q[0] + q[1] * q[1] + sa * sa + sb * sb + s * s) / 25 + q[2] + q[3] + q[4];
  double gma = -q[0] / 25, gmb = -q[1] / 25, ssa = 0, ssb = 0, ss = 0;
  double ia = 1 / sa, ib = 1 / sb, is = 1 / s;
  for (int g = 0; g < G; g++) {
    double za = (a[g] - q[0]) * ia, zb = (b[g] - q[1]) * ib;
    ssa += za * za;
    ssb += zb * zb;
    gma += za * ia;
    gmb += zb * ib;
    ga[g] = -za * ia;
    gb[g] = -zb * ib;
  }
  for (int i = 0; i < N; i++) {
    int g = group[i];
    double z = (y[i] - a[g] - b[g] * x[i]) * is;
    double r = z * is;
    ss += z * z;
    ga[g] += r;
    gb[g] += r * x[i];
  }
  lp -= 0.5 * (ssa + ssb + ss) + G * (q[2] + q[3]) + N * q[4];
  grad[0] = gma;
  grad[1] = gmb;
  grad[2] = ssa - G + 1 - sa * sa / 25;
  grad[3] = ssb - G + 1 - sb * sb / 25;
  grad[4] = ss - N + 1 - s * s / 25;
  return lp;
}
