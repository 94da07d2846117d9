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

  it('a second time is the system’s: it ends the process', async () => {
    const child = startChild({ ...long, chainMethod: 'parallel', numWorkers: 2 }, { lingers: true });
    await child.sampling;
    child.process.kill('SIGINT');
    await child.result;
    child.process.kill('SIGINT');
    expect(await child.ended).toMatchObject({ code: null, signal: 'SIGINT' });
  });

  it('the first one stops the run, and is not listened for any more', () => {
    const before = process.listenerCount('SIGINT');
    const stopping = interruption(undefined, true);
    process.emit('SIGINT');
    expect(stopping.signal.aborted).toBe(true);
    expect(process.listenerCount('SIGINT')).toBe(before);
    stopping.dispose();
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
    expect(before).toBe(0);
    const stopping = interruption(undefined, true);
    expect(process.listenerCount('SIGINT')).toBe(1);
    expect(stopping.signal.aborted).toBe(false);
    stopping.dispose();
    expect(process.listenerCount('SIGINT')).toBe(0);
  });

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
