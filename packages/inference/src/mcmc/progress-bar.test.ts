import type { ProgressEvent } from './events';
import { progressBar } from './progress-bar';

const totals = { warmup: 100, sample: 300 };
const progress = (chain: number, more: Partial<ProgressEvent> = {}): ProgressEvent => ({
  type: 'progress',
  chain,
  phase: 'sample',
  done: 100,
  total: 300,
  stepSize: 0.4321,
  acceptProb: 0.8,
  numSteps: 7,
  divergences: 2,
  secondsLeft: 74.2,
  ...more,
});

/** A terminal, and a clock that a test moves. */
function screen(columns = 120) {
  const written: string[] = [];
  let now = 0;
  const bar = progressBar(
    { isTTY: true, columns, write: (text) => written.push(text) > 0 },
    totals,
    () => now,
  );
  return { written, bar, wait: (ms: number) => void (now += ms) };
}

describe('the progress bar', () => {
  it('shows a line for each chain: phase, draws, step size, leapfrogs, divergences, time left', () => {
    const { written, bar, wait } = screen();
    bar({ type: 'start', numChains: 3, seed: 1 });
    bar({ type: 'chainEnd', chain: 0, draws: 300, divergences: 0 });
    wait(500);
    bar(progress(1));
    expect(written.join('').replaceAll('\x1b[2K', '').split('\n')).toEqual([
      'chain 0  done: 300 draws, 0 divergences',
      'chain 1  ██████████░░░░░░░░░░  draws 100/300       step 0.43  7 leapfrogs  2 divergences  1:15 left',
      'chain 2  waiting',
      '',
    ]);
  });

  it('is drawn again over the last picture, ten times a second at most', () => {
    const { written, bar, wait } = screen();
    bar({ type: 'start', numChains: 2, seed: 1 });
    wait(500);
    bar(progress(0));
    bar(progress(1));
    expect(written).toHaveLength(1);
    wait(100);
    bar(progress(1, { phase: 'warmup', done: 50, total: 100, secondsLeft: 3700 }));
    expect(written).toHaveLength(2);
    expect(written[1].startsWith('\x1b[2A\x1b[2Kchain 0 ')).toBe(true);
    expect(written[1]).toMatch(/chain 1 +██░+ +warm-up 50\/100 .* 1:01:40 left\n$/);
  });

  it('says nothing of a run that is over at once', () => {
    const { written, bar, wait } = screen();
    bar({ type: 'start', numChains: 1, seed: 1 });
    wait(300);
    bar(progress(0));
    bar({ type: 'chainEnd', chain: 0, draws: 300, divergences: 0 });
    bar({ type: 'end', draws: 300 });
    expect(written).toEqual([]);
  });

  it('fits narrow terminals and many chains', () => {
    const { written, bar, wait } = screen(40);
    bar({ type: 'start', numChains: 20, seed: 1 });
    wait(500);
    bar(progress(3));
    const lines = written[0].replaceAll('\x1b[2K', '').split('\n');
    expect(lines).toHaveLength(14);
    expect(lines[12]).toBe('and 8 more');
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(40);
  });
});
