/*
 * What each model file implements, and what the driver gives it. Data arrive as one block of doubles that the
 * model's TypeScript twin wrote: first the sizes, then the arrays, in the order that the model's comment gives.
 */
#ifndef HARNESS_H
#define HARNESS_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LOG_2PI 1.8378770664093454836
#define LOG_PI 1.1447298858494001741

/* Keeps pointers into `data` and allocates work space. */
void setup(const double *data);

/* Log density with Jacobian at the unconstrained point q; writes the gradient. */
double value_and_grad(const double *q, double *grad);

/* The derivative of lgamma, which libm lacks: recurrence up to x >= 10, then the asymptotic series
   (Abramowitz & Stegun 6.3.5 and 6.3.18), to about 1e-15. */
static inline double digamma(double x) {
  double shift = 0;
  while (x < 10) {
    shift -= 1 / x;
    x += 1;
  }
  double r = 1 / (x * x);
  return shift + log(x) - 0.5 / x -
         r * (1.0 / 12 - r * (1.0 / 120 - r * (1.0 / 252 - r * (1.0 / 240 - r * (1.0 / 132 - r * (691.0 / 32760 - r / 12.0))))));
}

#endif
