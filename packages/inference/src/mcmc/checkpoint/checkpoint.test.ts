import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plate, sample } from '@pyro-ts/core';
import { HalfNormal, Normal } from '@pyro-ts/distributions';
import { correlatedNormal } from '../../../test/targets';
import { startChild } from '../../../test/child';
import { HMC, MCMC, NUTS, type CheckpointStore, type McmcEvent, type McmcOptions, type McmcResult } from '..';
import { initToMedian } from '../../initialization';
import { decode, encode } from './format';

const y = [1.2, 0.3, 2.5, 1.9];
const model = (data: readonly number[]): void => {
  const mu = sample('mu', Normal(0, 10));
  const sigma = sample('sigma', HalfNormal(2));
  plate('data', data.length, () => sample('y', Normal(mu, sigma), { obs: [...data] }));
};
const kernel = NUTS(model);
// Few draws of many transitions, for runs long enough to be disturbed.
const options: McmcOptions = {
  numWarmup: 300,
  numSamples: 200,
  thinning: 500,
  numChains: 3,
  seed: 5,
  numWorkers: 2,
};

/** All of a result but the warnings, bit by bit, short enough to be compared in no time. */
function bits(result: McmcResult): string {
  const words = (_key: string, value: unknown): unknown =>
    ArrayBuffer.isView(value)
      ? Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')
      : value;
  return createHash('sha256')
    .update(JSON.stringify({ ...result, warnings: undefined }, words))
    .digest('hex');
}

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pyro-ts-checkpoint-'));
  path = join(folder, 'run.checkpoint');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs and stops at the first progress event that the condition holds for. */
async function stopped(
  more: McmcOptions,
  when: (event: { chain: number; phase: string }) => boolean,
): Promise<McmcResult | Error> {
  const controller = new AbortController();
  return MCMC(kernel, {
    ...options,
    ...more,
    signal: controller.signal,
    onEvent: (event) => {
      if (event.type === 'progress' && when(event)) controller.abort();
    },
  })
    .run(y)
    .catch((error: unknown) => error as Error);
}

describe('a checkpoint', () => {
  let undisturbed: McmcResult;
  beforeAll(async () => {
    undisturbed = await MCMC(kernel, { ...options, chainMethod: 'sequential' }).run(y);
  });

  it.each([
    ['sequential', 'sequential', 'sample'],
    ['parallel', 'parallel', 'sample'],
    ['parallel', 'sequential', 'warmup'],
    ['sequential', 'parallel', 'sample'],
  ] as const)('a run that was stopped (%s) goes on (%s) with the bits of one that was not: in %s', async (a, b, phase) => {
    const checkpoint = { path, every: 1000 };
    const part = await stopped({ chainMethod: a, checkpoint }, (event) => event.phase === phase);
    expect(part instanceof Error || part.interrupted).toBe(true);
    expect(readdirSync(folder)).toEqual(['run.checkpoint']);
    const whole = await MCMC(kernel, { ...options, chainMethod: b, checkpoint }).run(y);
    expect(bits(whole)).toBe(bits(undisturbed));
    expect(existsSync(path)).toBe(false);
  }); // prettier-ignore

  it('a process that is killed leaves a file from which the run goes on with the same bits', async () => {
    const long = { ...options, thinning: 3000 };
    const child = startChild({ ...long, chainMethod: 'parallel', checkpoint: { path, every: 0.05 } });
    await child.sampling;
    while (!existsSync(path)) await new Promise((resolve) => setTimeout(resolve, 5));
    child.process.kill('SIGKILL');
    const { signal, output } = await child.ended;
    expect([signal, output]).toEqual(['SIGKILL', '']);
    const model2 = (): void => model(y);
    const resumed = await MCMC(NUTS(model2), { ...long, checkpoint: { path } }).run();
    expect(bits(resumed)).toEqual(bits(await MCMC(NUTS(model2), long).run()));
  });

  it('a run without a seed goes on with that of the file', async () => {
    const { numWarmup, numSamples, thinning } = options as Required<McmcOptions>;
    const unseeded = { numWarmup, numSamples, thinning, numChains: 2 };
    const store = memory();
    const part = await stopped({ ...unseeded, seed: 'first', checkpoint: { store } }, ({ phase }) => phase === 'sample'); // prettier-ignore
    expect(part).not.toBeInstanceOf(Error);
    const rest = await MCMC(kernel, { ...unseeded, checkpoint: { store } }).run(y);
    expect(rest.seed).toBe('first');
    expect(store.bytes).toBeUndefined();
  });

  it('a log density of one’s own can be gone on with too', async () => {
    const own = NUTS(correlatedNormal(), { denseMass: true });
    const few = { ...options, thinning: 5 };
    const whole = await MCMC(own, few).run();
    const store = memory();
    const controller = new AbortController();
    const onEvent = (event: McmcEvent): void => {
      if (event.type === 'progress' && event.chain === 1) controller.abort();
    };
    await MCMC(own, { ...few, checkpoint: { store }, signal: controller.signal, onEvent }).run();
    expect(store.bytes).toBeDefined();
    const rest = await MCMC(own, { ...few, checkpoint: { store } }).run();
    expect(bits(rest)).toBe(bits(whole));
  });

  it('a full disk is told once; sampling goes on and keeps its draws', async () => {
    let tries = 0;
    const full: CheckpointStore = {
      ...memory(),
      write: () => {
        tries++;
        return Promise.reject(new Error('ENOSPC: no space left on device, write'));
      },
    };
    const result = await MCMC(kernel, { ...options, checkpoint: { store: full, every: 0.001 } }).run(y);
    expect(bits(result)).toEqual(bits(undisturbed));
    expect(tries).toBeGreaterThan(1);
    const warnings = result.warnings.filter(({ kind }) => kind === 'checkpoint');
    expect(warnings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/could not be written: ENOSPC: no space left on device, write\. The run goes on and keeps its draws[^]*Fix: make room/),
    ]); // prettier-ignore
  });

  it('a write that fails leaves the file of before, and nothing beside it', async () => {
    await stopped({ checkpoint: { path } }, ({ phase }) => phase === 'sample');
    const before = readFileSync(path);
    const missing = { path: join(folder, 'no-such-folder', 'run.checkpoint'), every: 0.001 };
    const { warnings } = await MCMC(kernel, { ...options, numSamples: 10, checkpoint: missing }).run(y);
    expect(warnings.some(({ kind, message }) => kind === 'checkpoint' && message.includes('ENOENT'))).toBe(
      true,
    );
    expect(readFileSync(path)).toEqual(before);
    expect(readdirSync(folder)).toEqual(['run.checkpoint']);
  });
});

describe('a checkpoint that does not fit is refused', () => {
  let bytes: Uint8Array;
  beforeAll(async () => {
    const store = memory();
    await stopped({ checkpoint: { store } }, ({ phase }) => phase === 'sample');
    bytes = store.bytes as Uint8Array;
  });
  const resume = (
    content: Uint8Array,
    more: McmcOptions = {},
    data = y,
    other = kernel,
  ): Promise<unknown> => {
    writeFileSync(path, content);
    return MCMC(other, { ...options, ...more, checkpoint: { path } }).run(data);
  };

  it('damaged: cut off anywhere, or any byte changed', async () => {
    for (const at of [0.1, 0.5, 0.999]) {
      await expect(resume(bytes.slice(0, bytes.length * at))).rejects.toThrow(/'.*run\.checkpoint' is damaged: it is cut off[^]*Fix: /); // prettier-ignore
      const changed = bytes.slice();
      changed[Math.floor(bytes.length * at)] ^= 4;
      await expect(resume(changed)).rejects.toThrow(/is damaged/);
    }
    // The file is not touched.
    expect(existsSync(path)).toBe(true);
  });

  it('foreign, or of another version', async () => {
    await expect(resume(new TextEncoder().encode('{"draws": []}, and so on'))).rejects.toThrow(
      /'.*run\.checkpoint' is not a checkpoint\.[^]*Fix: remove it to begin anew, or pass another path/,
    );
    const later = bytes.slice();
    later[8] = 99;
    await expect(resume(later)).rejects.toThrow(/was written by another version/);
  });

  it.each([
    ['seed', { seed: 6 }, /of another run: seed was 5 and is 6\.[^]*Fix: run it as it was run then/],
    ['draws', { numSamples: 10 }, /numSamples was 200 and is 10/],
    [
      'chains and thinning',
      { numChains: 2, thinning: 2 },
      /numChains was 3 and is 2; thinning was 500 and is 2/,
    ],
  ])('of another run: %s', async (_name, more, message) => {
    await expect(resume(bytes, more)).rejects.toThrow(message);
  });

  it('of another sampler, of other data', async () => {
    await expect(resume(bytes, {}, y, HMC(model))).rejects.toThrow(/the kernel was "NUTS" and is "HMC"/);
    await expect(resume(bytes, {}, y, NUTS(model, { targetAcceptProb: 0.9 }))).rejects.toThrow(
      /the adaptation was {"adaptation":"windowed"} and is {"targetAcceptProb":0\.9,"adaptation":"windowed"}/,
    );
    await expect(resume(bytes, {}, y, NUTS(model, { pathfinder: true }))).rejects.toThrow(
      /pathfinder was false and is true/,
    );
    await expect(resume(bytes, {}, y, NUTS(model, { initStrategy: initToMedian() }))).rejects.toThrow(
      /initStrategy was none and is "initToMedian"/,
    );
    await expect(resume(bytes, {}, y, NUTS(model, { initParams: { mu: 1 } }))).rejects.toThrow(
      /chain 0 began at \[-?[\d.]+, -?[\d.]+\] and would begin at \[1\.00000, -?[\d.]+\], so initParams or the arguments of initStrategy/,
    );
    await expect(resume(bytes, {}, [...y.slice(0, 3), 1.90001])).rejects.toThrow(
      /at its first point the log density was -[\d.]+ and is -[\d.]+, so the model, its data or the version/,
    );
  });
});

describe('the format', () => {
  it('keeps every number, NaN, infinities and -0 among them', () => {
    const data = {
      a: [NaN, Infinity, -Infinity, -0, 0.1, 1e-320],
      b: { doubles: Float64Array.of(NaN, -0, 3), text: 'ä', yes: true, none: new Float64Array(0) },
    };
    expect(decode(encode(data), 'it')).toEqual(data);
  });
});

function memory(): CheckpointStore & { bytes: Uint8Array | undefined } {
  const store = {
    bytes: undefined as Uint8Array | undefined,
    read: () => Promise.resolve(store.bytes),
    write: (bytes: Uint8Array) => Promise.resolve(void (store.bytes = bytes)),
    remove: () => Promise.resolve(void (store.bytes = undefined)),
  };
  return store;
}
