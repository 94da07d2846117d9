/** The ratios to hand-written C that the compiler is to stay below, by the C file. */
export const bars: Readonly<Record<string, number>> = {
  eight_schools: 1.3,
  logistic: 0.5,
  hierarchical: 1.2,
  robust: 0.5,
  stochastic_volatility: 1,
  gaussian_process: 1.5,
  mixture: 0.5,
  ar: 1,
  negative_binomial: 0.5,
};
