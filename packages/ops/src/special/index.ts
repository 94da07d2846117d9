export * as scalar from './scalar';
export { logsumexp } from './logsumexp';
export * from './ops';
export { errorFunctionCoefficients, logGammaCoefficients } from './scalar/coefficients';
export { cotangentDerivative } from './scalar/polygamma';
