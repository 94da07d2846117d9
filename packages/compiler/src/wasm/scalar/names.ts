/** The translated function of each kernel that is computed one number at a time. */
export const scalarFunctionOf: Readonly<Record<string, string | undefined>> = {
  Acos: 'acos', Acosh: 'acosh', Asin: 'asin', Asinh: 'asinh', Atan2: 'atan2', Atanh: 'atanh', BesselRatio: 'besselRatio',
  Betainc: 'betainc', BetaincGradA: 'betaincGradA', BetaincGradB: 'betaincGradB', Betaincinv: 'betaincinv',
  Betaln: 'betaln', Cosh: 'cosh', Digamma: 'digamma', Erfc: 'erfc', Erfcinv: 'erfcinv', Erfcx: 'erfcx', Erfinv: 'erfinv',
  Gammainc: 'gammainc', GammaincGradA: 'gammaincGradA', Gammaincc: 'gammaincc', Gammaincinv: 'gammaincinv', I0e: 'i0e',
  I1e: 'i1e', Lbinom: 'lbinom', Lgamma: 'lgamma', LogI0: 'logI0', LogNdtr: 'logNdtr', Logdiffexp: 'logdiffexp',
  Logit: 'logit', Mod: 'floorMod', Ndtr: 'ndtr', Ndtri: 'ndtri', Polygamma: 'trigamma', Pow: 'pow', RandomGammaGrad: 'standardGammaGrad',
  Sinh: 'sinh',
}; // prettier-ignore
