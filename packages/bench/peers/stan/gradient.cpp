// CPU microseconds of one log density with its gradient at the origin: the least of several slices, to stdout.
#include <stan/io/json/json_data.hpp>
#include <stan/math/rev.hpp>
#include <stan/model/log_prob_grad.hpp>
#include <stan/model/model_base.hpp>

#include <ctime>
#include <fstream>
#include <iostream>

stan::model::model_base &new_model(stan::io::var_context &data, unsigned int seed, std::ostream *messages);

static double cpu_seconds() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec + 1e-9 * now.tv_nsec;
}

int main(int, char **argv) {
  std::ifstream file(argv[1]);
  stan::json::json_data data(file);
  stan::model::model_base &model = new_model(data, 1, &std::cerr);
  Eigen::VectorXd point = Eigen::VectorXd::Zero(model.num_params_r());
  Eigen::VectorXd gradient;
  const auto slice = [&](long n) {
    const double start = cpu_seconds();
    for (long i = 0; i < n; i++)
      stan::model::log_prob_grad<true, true>(model, point, gradient, &std::cerr);
    return cpu_seconds() - start;
  };
  long n = 1;
  while (slice(n) < 0.3) n *= 2;
  double least = slice(n);
  for (int i = 0; i < 4; i++) least = std::min(least, slice(n));
  std::cout << least / n * 1e6 << std::endl;
}
