/** All functions that are translated, and the module they end up in. */
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Constants } from './constants';
import { Sources } from './sources';
import { Translator } from './translate';

const packages = resolve(__dirname, '../../..');
const ops = join(packages, 'ops/src');

export const target = join(packages, 'compiler/src/wasm/scalar/functions.ts');

/** Functions by module: what kernels, vector functions and random draws call. */
const wanted: Readonly<Record<string, readonly string[]>> = {
  'special/scalar/elementary.ts': [
    'sinh', 'cosh', 'asinh', 'acosh', 'atanh', 'asin', 'acos', 'atan2', 'floorMod', 'pow',
  ], // prettier-ignore
  'special/scalar/bessel.ts': ['i0e', 'i1e', 'logI0', 'besselRatio'],
  'special/scalar/betaln.ts': ['betaln', 'lbinom'],
  'special/scalar/erf.ts': ['erfc', 'erfcx'],
  'special/scalar/erf-inverse.ts': ['erfcinv', 'erfinv', 'ndtri'],
  'special/scalar/lgamma.ts': ['lgamma'],
  'special/scalar/log-exp-family.ts': ['logdiffexp', 'logit'],
  'special/scalar/normal-cdf.ts': ['logNdtr', 'ndtr'],
  'special/scalar/polygamma.ts': ['digamma', 'trigamma', 'polygammaOfOrder'],
  'special/scalar/incomplete-beta.ts': ['betainc', 'betaincGradA', 'betaincGradB'],
  'special/scalar/incomplete-beta-inverse.ts': ['betaincinv'],
  'special/scalar/incomplete-gamma.ts': ['gammainc', 'gammaincc'],
  'special/scalar/incomplete-gamma-gradient.ts': ['gammaincGradA', 'standardGammaGrad'],
  'special/scalar/incomplete-gamma-inverse.ts': ['gammaincinv'],
  'random/gamma-draw.ts': ['drawGamma', 'drawLogGamma'],
  'random/poisson-draw.ts': ['drawPoisson'],
  'random/binomial-draw.ts': ['drawBinomial'],
  'random/portable-math.ts': ['exp'],
};

/** Numbers that JSON has no text for. */
function exact(_key: string, value: unknown): unknown {
  if (typeof value !== 'number' || (Number.isFinite(value) && !Object.is(value, -0))) return value;
  return Object.is(value, -0) ? '#-0' : `#${value}`;
}

export async function generated(): Promise<string> {
  const folders = ['special/scalar', 'random'].map((folder) => join(ops, folder));
  const files = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => join(folder, name)),
  );
  const sources = new Sources(ops, files);
  try {
    const constants = new Constants();
    const translator = new Translator(sources, constants);
    for (const [path, names] of Object.entries(wanted)) {
      const module = await sources.module(join(ops, path));
      for (const name of names) {
        const source = module.functions.get(name);
        if (source === undefined) throw new Error(`${path} has no function ${name}`);
        translator.translate(source);
      }
    }
    const row = ([name, value]: readonly [string, unknown]): string =>
      `  '${name}':\n    '${JSON.stringify(value, exact)}',`;
    return [
      '// Made by `npm run generate:scalars` from the scalar functions of ops. Do not edit.',
      '// prettier-ignore',
      'export const functions: Readonly<Record<string, string>> = {',
      ...[...translator.functions].map(row),
      '};',
      '',
      '// prettier-ignore',
      'export const tables: Readonly<Record<string, string>> = {',
      ...[...constants.tables].map(row),
      '};',
      '',
    ].join('\n');
  } finally {
    sources.close();
  }
}
