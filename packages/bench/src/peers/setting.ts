/** Of every sampler in the comparison. */
export const setting = { numChains: 4, numWarmup: 1000, numSamples: 1000 };
