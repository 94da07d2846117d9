/**
 * Puts the script of inference's workers into its `dist`: as text beside `mcmc/parallel/source.js`, where `MCMC` finds it
 * without a file, and as `worker.js`, the package's entry `@pyro-ts/inference/worker`.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { bundleWorker } from './bundle-worker.cjs';

const dist = fileURLToPath(new URL('../packages/inference/dist', import.meta.url));
const text = await bundleWorker();
writeFileSync(join(dist, 'worker.js'), text);
const folder = join(dist, 'mcmc', 'parallel');
writeFileSync(join(folder, 'worker-text.js'), `'use strict';\nexports.text = ${JSON.stringify(text)};\n`);
// The text is read when a worker is started, not when the package is loaded.
writeFileSync(
  join(folder, 'source.js'),
  "'use strict';\nexports.workerSource = () => require('./worker-text.js').text;\n",
);
