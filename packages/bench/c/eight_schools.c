/* data: J, y[J], se[J]; q: mu, log tau, theta_trans[J] */
#include "harness.h"
static int J;
static const double *y, *se;
static double constant;

void setup(const double *data) {
  J = (int)data[0];
  y = data + 1;
  se = y + J;
  constant = -log(5) - 0.5 * LOG_2PI + log(2) - LOG_PI - log(5);
  for (int j = 0; j < J; j++) constant -= LOG_2PI + log(se[j]);
}

double value_and_grad(const double *q, double *grad) {
  double mu = q[0], tau = exp(q[1]);
  double z = mu / 5, t = tau / 5;
  double lp = constant - 0.5 * z * z - log1p(t * t) + q[1];
  double dmu = -z / 5, dtau = -2 * t / (5 * (1 + t * t));
  for (int j = 0; j < J; j++) {
    double theta = q[2 + j];
    double r = (y[j] - mu - tau * theta) / se[j];
    double g = r / se[j];
    lp -= 0.5 * (r * r + theta * theta);
    dmu += g;
    dtau += g * theta;
    grad[2 + j] = g * tau - theta;
  }
  grad[0] = dmu;
  grad[1] = dtau * tau + 1;
  return lp;
}
