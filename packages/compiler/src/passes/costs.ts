/** What a kernel costs an element, in units of an addition. */
const costs: Readonly<Record<string, number>> = {
  RealDiv: 5, Xdivy: 6, Reciprocal: 5, Sqrt: 6, Rsqrt: 10, Maximum: 3, Minimum: 3, Exp: 20, Expm1: 25, Log: 25,
  Log1p: 25, Sigmoid: 25, Softplus: 40, Tanh: 30, Pow: 80, Lgamma: 80, Digamma: 60, Polygamma: 60, Betaln: 200,
  Erf: 40, Erfc: 40, Sin: 40, Cos: 40, Tan: 50, Atan: 40, LogExcess: 35, Xlogy: 30, Xlog1py: 30, Logaddexp: 50,
  Log1mexp: 60, Betainc: 1000, Gammainc: 1000, Gammaincc: 1000, Lbinom: 250, Erfinv: 100, Ndtr: 100, LogNdtr: 100,
  Ndtri: 100, I0e: 100, I1e: 100, LogI0: 100, BesselRatio: 100,
}; // prettier-ignore

export const costOf = (kernel: string): number => costs[kernel] ?? 1;
