/*
 * Driver: `model data.bin dim` reads the data, then answers lines on standard input.
 *   "e q0 q1 ..."  evaluates once and prints the value and the gradient with 17 digits
 *   "t reps"       runs reps evaluations and prints the nanoseconds they took together
 */
#include "harness.h"
#include <stdio.h>
#include <time.h>

static double now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  FILE *file = fopen(argv[1], "rb");
  if (!file) return 2;
  fseek(file, 0, SEEK_END);
  long bytes = ftell(file);
  rewind(file);
  double *data = aligned_alloc(64, (bytes + 63) / 64 * 64);
  if (fread(data, 1, bytes, file) != (size_t)bytes) return 2;
  fclose(file);
  int dim = atoi(argv[2]);
  double *q = calloc(dim, sizeof(double)), *grad = calloc(dim, sizeof(double));
  setup(data);
  char command;
  volatile double sink = 0;
  while (scanf(" %c", &command) == 1) {
    if (command == 'e') {
      for (int i = 0; i < dim; i++)
        if (scanf("%lf", &q[i]) != 1) return 2;
      printf("%.17g", value_and_grad(q, grad));
      for (int i = 0; i < dim; i++) printf(" %.17g", grad[i]);
      printf("\n");
    } else if (command == 't') {
      long reps;
      if (scanf("%ld", &reps) != 1) return 2;
      double start = now_ns(), sum = 0;
      for (long i = 0; i < reps; i++) sum += value_and_grad(q, grad);
      printf("%.0f\n", now_ns() - start);
      sink = sum;
    }
    fflush(stdout);
  }
  (void)sink;
  return 0;
}
