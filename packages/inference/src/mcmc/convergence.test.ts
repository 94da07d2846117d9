import { convergenceOfSites } from '@pyro-ts/diagnostics';
import type { NdArray } from '@pyro-ts/ops';
import { convergenceInThreads } from './convergence';
import { Crew } from './parallel/crew';

const site = (event: readonly number[], k: number): NdArray => {
  const size = event.reduce((a, b) => a * b, 1);
  const data = Float64Array.from(
    { length: 4 * 1000 * size },
    (_, i) => Math.sin(k + i * i) + Math.sin(i / 900),
  );
  return { data, shape: [4, 1000, ...event], dtype: 'float32' };
};
const samples = { mu: site([], 1), theta: site([7, 3], 2), tau: site([8], 3) };

describe('R-hat and ESS on several threads', () => {
  it('have the bits that one thread gives', async () => {
    const crew = new Crew(undefined);
    const threads = [await crew.take(), await crew.take()];
    try {
      const alone = convergenceOfSites(samples);
      expect(await convergenceInThreads(samples, threads)).toEqual(alone);
      expect(await convergenceInThreads(samples, [])).toEqual(alone);
    } finally {
      for (const thread of threads) await thread.terminate();
    }
  });

  it('are computed here where a worker has died', async () => {
    const thread = await new Crew(undefined).take();
    const answer = convergenceInThreads(samples, [thread]);
    void thread.terminate();
    expect(await answer).toEqual(convergenceOfSites(samples));
  });
});
