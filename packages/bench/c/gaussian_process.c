/* data: N, x[N], y[N]; q: log rho, log alpha, log sigma; cov = alpha² exp(-(xi-xj)²/(2 rho²)) + sigma² I */
#include "harness.h"
static int N;
static const double *x, *y;
static double *k, *l, *w, *v, constant;

void setup(const double *data) {
  N = (int)data[0];
  x = data + 1;
  y = x + N;
  k = malloc(sizeof(double) * N * N);
  l = malloc(sizeof(double) * N * N);
  w = malloc(sizeof(double) * N * N);
  v = malloc(sizeof(double) * N);
  /* rho ~ InverseGamma(5, 5), alpha ~ HalfNormal(1), sigma ~ HalfNormal(1) */
  constant = 5 * log(5) - lgamma(5) + log(2 / M_PI) - N * 0.5 * LOG_2PI;
}

/* Eight partial sums, twice: vectors without reordering a sum as written. */
typedef double vec __attribute__((vector_size(64), aligned(8), may_alias));

static double dot(const double *a, const double *b, int n) {
  vec s = {0}, t = {0};
  int i = 0;
  for (; i + 15 < n; i += 16) {
    s += *(const vec *)(a + i) * *(const vec *)(b + i);
    t += *(const vec *)(a + i + 8) * *(const vec *)(b + i + 8);
  }
  double rest = 0;
  for (; i < n; i++) rest += a[i] * b[i];
  s += t;
  return ((s[0] + s[4]) + (s[1] + s[5])) + ((s[2] + s[6]) + (s[3] + s[7])) + rest;
}

/* l = Cholesky factor of l's lower triangle, row by row with dot products of contiguous rows. */
static void cholesky(void) {
  for (int i = 0; i < N; i++) {
    for (int j = 0; j < i; j++) l[i * N + j] = (l[i * N + j] - dot(l + i * N, l + j * N, j)) / l[j * N + j];
    l[i * N + i] = sqrt(l[i * N + i] - dot(l + i * N, l + i * N, i));
  }
}

double value_and_grad(const double *q, double *grad) {
  double rho = exp(q[0]), alpha = exp(q[1]), sigma = exp(q[2]);
  double c = -0.5 / (rho * rho), a2 = alpha * alpha;
  for (int i = 0; i < N; i++) {
    for (int j = 0; j <= i; j++) {
      double d = x[i] - x[j];
      l[i * N + j] = k[i * N + j] = a2 * exp(c * d * d);
    }
    l[i * N + i] += sigma * sigma;
  }
  cholesky();
  double lp = constant - 6 * q[0] - 5 / rho - 0.5 * a2 - 0.5 * sigma * sigma + q[0] + q[1] + q[2];
  for (int i = 0; i < N; i++) {
    v[i] = (y[i] - dot(l + i * N, v, i)) / l[i * N + i];
    lp -= 0.5 * v[i] * v[i] + log(l[i * N + i]);
  }
  for (int i = N - 1; i >= 0; i--) {
    v[i] /= l[i * N + i];
    for (int j = 0; j < i; j++) v[j] -= l[i * N + j] * v[i];
  }
  /* w = L^-T stored by rows: row j holds column j of L^-1, so that K^-1 = w w' over contiguous tails. */
  memset(w, 0, sizeof(double) * N * N);
  for (int i = 0; i < N; i++) {
    w[i * N + i] = 1 / l[i * N + i];
    for (int j = 0; j < i; j++) w[j * N + i] = -dot(w + j * N + j, l + i * N + j, i - j) / l[i * N + i];
  }
  double grho = 0, galpha = 0, gsigma = 0;
  for (int i = 0; i < N; i++)
    for (int j = 0; j <= i; j++) {
      double inv = dot(w + i * N + i, w + j * N + i, N - i);
      double s = v[i] * v[j] - inv; /* 2 dlp/dK */
      double d = x[i] - x[j], kk = k[i * N + j];
      if (i == j) {
        gsigma += s;
        galpha += s * kk;
      } else {
        galpha += 2 * s * kk;
        grho += 2 * s * kk * d * d;
      }
    }
  grad[0] = 0.5 * grho / (rho * rho) - 6 + 5 / rho + 1;
  grad[1] = galpha - a2 + 1;
  grad[2] = gsigma * sigma * sigma - sigma * sigma + 1;
  return lp;
}
