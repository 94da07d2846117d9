/**
 * The comparisons of tfjs's tests, made no laxer by our backends and stricter where they are blind. As written they
 * allow 0.1 instead of 0.001 on a backend whose precision is not 32 bits, and take any of NaN and the infinities
 * for any other.
 */
const replacements: readonly (readonly [string, string])[] = [
  ['ENGINE.backend.floatPrecision() === 32', 'true'],
  [
    'if (!isFinite(a) && !isFinite(e)) {\n        return true;',
    'if (!isFinite(a) && !isFinite(e)) {\n        return Object.is(a, e);',
  ],
];

/** The source of a module of tfjs-core as the tests are to see it. */
export function closenessSource(path: string, source: string): string {
  if (!path.endsWith('/dist/test_util.js')) return source;
  return replacements.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`tfjs's test_util.js has changed: no "${from}" in it`);
    return text.replace(from, to);
  }, source);
}
