import type { ChainJob } from '../job';
import { Queue, takeJob } from './queue';

const jobs = [0, 1, 2].map((chain) => ({ chain }) as ChainJob);

describe('the queue of chains', () => {
  it('gives every job once, here and to whoever holds the shared count', () => {
    const queue = new Queue(jobs);
    const shared = queue.shared as Int32Array;
    expect([queue.take(), takeJob(jobs, shared), queue.take(), queue.take(), takeJob(jobs, shared)]).toEqual([
      ...jobs,
      undefined,
      undefined,
    ]);
  });

  it('is empty when all jobs are known to be taken, not before', () => {
    const queue = new Queue(jobs);
    queue.take();
    takeJob(jobs, queue.shared as Int32Array);
    expect([queue.waiting, queue.isEmpty(1)]).toEqual([1, false]);
    queue.take();
    // Whoever took the second one has not told yet.
    expect([queue.waiting, queue.isEmpty(0), queue.isEmpty(1)]).toEqual([0, false, true]);
  });

  it('gives nothing after it is closed', () => {
    const queue = new Queue(jobs);
    queue.close();
    expect([queue.take(), queue.waiting]).toEqual([undefined, 0]);
  });
});
