import { Worker } from 'node:worker_threads';
import { sample, unconstrainModel } from '@pyro-ts/core';
import { HalfNormal, Normal } from '@pyro-ts/distributions';
import { compiledLogDensity } from './compiled-log-density';
import { makeLogDensity, type HeldLogDensity } from './model-log-density';
import { densityFromParts, type PortableDensity } from './program-density';

const model = (): void => {
  const mu = sample('mu', Normal(0, 3));
  sample('y', Normal(mu, sample('sigma', HalfNormal(1))), { obs: 0.4 });
};
const make = (executor: 'wasm' | 'reference'): HeldLogDensity =>
  makeLogDensity(unconstrainModel(model, []), { compile: compiledLogDensity({ executor }) });

/** What a thread gets of a message: through a worker and back. */
function posted(message: PortableDensity): Promise<PortableDensity> {
  const echo =
    "const { parentPort } = require('node:worker_threads'); parentPort.once('message', (m) => parentPort.postMessage(m));";
  const worker = new Worker(echo, { eval: true });
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (m: PortableDensity) => void worker.terminate().then(() => resolve(m)));
    worker.postMessage(message);
  });
}

describe('a density in parts', () => {
  it('posted to a worker has the same bits, and its constants are shared, not copied', async () => {
    const original = make('wasm');
    const parts = original.portable?.() as PortableDensity;
    const arrived = await posted(parts);
    arrived.compiled.constants[0] ^= 255;
    expect(arrived.compiled.constants[0]).toBe(parts.compiled.constants[0]);
    arrived.compiled.constants[0] ^= 255;
    const other = densityFromParts(arrived);
    const [a, b] = [new Float64Array(2), new Float64Array(2)];
    for (const q of [Float64Array.of(0.3, -1), Float64Array.of(2, 0.7)]) {
      expect(other.valueAndGrad(q, b)).toBe(original.valueAndGrad(q, a));
      expect(b).toEqual(a);
    }
    original.dispose?.();
    other.dispose?.();
  });

  it('is not to be had of a program that is not WebAssembly', () => {
    expect(make('reference').portable?.()).toBeUndefined();
  });
});
