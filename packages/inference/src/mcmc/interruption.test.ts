import { startChild } from '../../test/child';
import { interruption } from './interruption';

interface Printed {
  readonly interrupted: boolean;
  readonly numChains: number;
  readonly numSamples: number;
  readonly kinds: readonly string[];
}

const long = { numWarmup: 100, numSamples: 1_000_000, numChains: 2, seed: 1 };

describe('Ctrl-C', () => {
  it.each(['sequential', 'parallel'] as const)('ends a run, which returns its draws; the process goes on: %s', async (chainMethod) => {
    const child = startChild({ ...long, chainMethod, numWorkers: 2 });
    await child.sampling;
    child.process.kill('SIGINT');
    const { code, signal, output } = await child.ended;
    expect([code, signal]).toEqual([0, null]);
    const printed = JSON.parse(output) as Printed;
    expect(printed.interrupted).toBe(true);
    expect(printed.numSamples).toBeGreaterThan(0);
    expect(printed.numSamples).toBeLessThan(1_000_000);
    expect(printed.kinds).toContain('interrupted');
  }); // prettier-ignore

  it('a second time ends the process', async () => {
    const child = startChild({ ...long, numWarmup: 0, chainMethod: 'sequential' }, true);
    await child.sampling;
    child.process.kill('SIGINT');
    const again = setInterval(() => child.process.kill('SIGINT'), 20);
    const { code, signal } = await child.ended;
    clearInterval(again);
    // Between two slices of time the first one may already have ended the run.
    expect([signal, code]).toEqual(signal === null ? [null, 0] : ['SIGINT', null]);
  });

  it('is left to a program that listens for it, and to one that asks for that', () => {
    const count = (): number => process.listenerCount('SIGINT');
    const before = count();
    const mine = (): void => undefined;
    process.on('SIGINT', mine);
    const other = interruption(undefined, true);
    expect(count()).toBe(before + 1);
    other.dispose();
    process.off('SIGINT', mine);
    const asked = interruption(undefined, false);
    expect(count()).toBe(before);
    asked.dispose();
  });

  it('is listened for only while a run lasts', () => {
    const before = process.listenerCount('SIGINT');
    const { signal, dispose } = ((i) => ({ signal: i.signal, dispose: () => i.dispose() }))(interruption(undefined, true));
    expect(process.listenerCount('SIGINT')).toBe(before + (before === 0 ? 1 : 0));
    expect(signal.aborted).toBe(false);
    dispose();
    expect(process.listenerCount('SIGINT')).toBe(before);
  }); // prettier-ignore

  it('follows the signal of the caller', () => {
    const controller = new AbortController();
    const stopping = interruption(controller.signal, true);
    controller.abort();
    expect(stopping.signal.aborted).toBe(true);
    stopping.dispose();
    const late = interruption(controller.signal, true);
    expect(late.signal.aborted).toBe(true);
    late.dispose();
  });
});
