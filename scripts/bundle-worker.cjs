'use strict';
/**
 * The script of inference's workers as one text: samplers and what runs a compiled program, without tensor library or
 * compiler. CommonJS, because jest loads it while it runs tests from TypeScript; the build puts the text into `dist`.
 */
const { build } = require('esbuild');
const { join } = require('node:path');

const root = join(__dirname, '..');
const mark = Symbol('resolving');

/**
 * Packages are read from their sources, and a file of which nothing is used is left out although its package has side
 * effects (on tfjs, which workers do not have).
 */
const sourcesOnly = {
  name: 'sources-only',
  setup({ onResolve, onLoad, resolve }) {
    onResolve({ filter: /^@pyro-ts\// }, ({ path }) => ({
      path: join(root, 'packages', path.slice('@pyro-ts/'.length), 'src', 'index.ts'),
      sideEffects: false,
    }));
    onResolve({ filter: /^\./ }, async ({ path, pluginData, kind, ...where }) => {
      if (pluginData === mark || kind === 'entry-point') return undefined;
      const { path: found, errors } = await resolve(path, { ...where, kind, pluginData: mark });
      return errors.length > 0 ? { errors } : { path: found, sideEffects: false };
    });
    onResolve({ filter: /^@tensorflow\/tfjs$/ }, () => ({ path: 'tfjs', namespace: 'absent' }));
    onLoad({ filter: /.*/, namespace: 'absent' }, () => ({ contents: 'module.exports = {}', loader: 'js' }));
  },
};

/** @returns {Promise<string>} */
exports.bundleWorker = async () => {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'packages/inference/src/mcmc/parallel/worker.ts')],
    absWorkingDir: root,
    bundle: true,
    write: false,
    minify: true,
    keepNames: false,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    plugins: [sourcesOnly],
    logLevel: 'error',
  });
  return outputFiles[0].text;
};
