/**
 * Derivatives of the incomplete gamma function by its first argument, all as the implicit derivative s = ∂x/∂a at fixed
 * P(a, x) = −(∂P/∂a)/density, which neither under- nor overflows. Each formula of P is differentiated as it stands.
 */
import { horner } from './horner';
import { gammaExponent, gammaRegion, uniformVariables } from './incomplete-gamma';
import { timesExp } from './log-exp';
import { digamma } from './polygamma';
import { stirlingRemainder } from './stirling';
import { TEMME } from './temme';

/** s/x = −(1/a) Σ tₙ (log x − ψ(a + n + 1)), tₙ the terms of the power series. */
function fromSeries(a: number, x: number): number {
  const logX = Math.log(x);
  let psi = digamma(a + 1);
  let term = 1;
  let total = logX - psi;
  for (let n = 1; n < 20000; n++) {
    term *= x / (a + n);
    psi += 1 / (a + n);
    const part = term * (logX - psi);
    total += part;
    if (Math.abs(part) < 1e-17 * Math.abs(total) && n > x - a) break;
  }
  return -total / a;
}

/** s/x = h (log x − ψ(a)) + h′, h = the continued fraction and h′ its derivative, carried through Lentz's algorithm. */
function fromFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1e300;
  let dc = 0;
  let d = 1 / b;
  let dd = d * d;
  let h = d;
  let dh = dd;
  for (let n = 1; n < 10000; n++) {
    const numerator = -n * (n - a);
    b += 2;
    const next = 1 / (numerator * d + b);
    dd = -next * next * (n * d + numerator * dd - 1);
    d = next;
    dc = -1 + n / c - (numerator * dc) / c / c;
    c = b + numerator / c;
    const factor = c * d;
    const dFactor = dc * d + c * dd;
    dh = dh * factor + h * dFactor;
    h *= factor;
    if (Math.abs(factor - 1) < 1e-16 && Math.abs(h * dFactor) <= 1e-16 * Math.abs(dh)) break;
  }
  return h * (Math.log(x) - digamma(a)) + dh;
}

/** Temme's expansion differentiated: s/x = Γ*(a)/a (μ/η − η/2 + S (log λ − 1/2a) + ∂S/∂a). */
function fromUniform(a: number, x: number): number {
  const { mu, eta, muOverEta } = uniformVariables(a, x);
  const etaByA = -muOverEta / a;
  let s = 0;
  let sByA = 0;
  for (let k = TEMME.length - 1; k >= 0; k--) {
    const c = horner(TEMME[k], eta);
    let derivative = 0;
    for (let n = TEMME[k].length - 1; n >= 1; n--) derivative = derivative * eta + n * TEMME[k][n];
    const scale = a ** -k;
    s += c * scale;
    sByA += scale * (derivative * etaByA - (k * c) / a);
  }
  const inner = muOverEta - eta / 2 + s * (Math.log1p(mu) - 0.5 / a) + sByA;
  return (Math.exp(stirlingRemainder(a)) * inner) / a;
}

/** s/x, of moderate size for every x. */
function relativeGrad(a: number, x: number): number {
  const region = gammaRegion(a, x);
  if (region === 'uniform') return fromUniform(a, x);
  return region === 'fraction' ? fromFraction(a, x) : fromSeries(a, x);
}

/**
 * ∂x/∂a of a Gamma(a, 1) sample x at fixed probability (implicit reparameterisation: Figurnov, Mohamed & Mnih, NeurIPS
 * 2018); relative error below 1e-14. 0 at x = 0; NaN unless a > 0.
 */
export function standardGammaGrad(a: number, x: number): number {
  if (!(a > 0 && x >= 0) || a === Infinity || x === Infinity) return NaN;
  return x === 0 ? 0 : x * relativeGrad(a, x);
}

/** ∂P(a, x)/∂a = −s · density; relative error below 1e-14; 0 at x = 0 and ∞; NaN unless a > 0. */
export function gammaincGradA(a: number, x: number): number {
  if (!(a > 0 && x >= 0) || a === Infinity) return NaN;
  if (x === 0 || x === Infinity) return 0;
  return timesExp(-a * relativeGrad(a, x), gammaExponent(a, x));
}
