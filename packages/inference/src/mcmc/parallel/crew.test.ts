import { Worker } from 'node:worker_threads';
import { Crew } from './crew';

const asleep = "require('node:worker_threads').parentPort.on('message', () => undefined);";

describe('the crew of a run', () => {
  it('leaves its threads to the next run, unless they have died', async () => {
    const first = new Crew(undefined);
    first.prepare(1);
    expect(first.isReady).toBe(true);
    const thread = await first.take();
    await first.giveBack(thread);
    const second = await new Crew(undefined).take();
    expect(second).toBe(thread);
    await second.terminate();
    await first.giveBack(second);
    const third = await new Crew(undefined).take();
    expect(third).not.toBe(thread);
    await third.terminate();
  });

  it('gives back what was prepared and not asked for', async () => {
    const crew = new Crew(undefined);
    crew.prepare(1);
    await crew.dispose();
    expect(crew.isReady).toBe(false);
    const thread = await new Crew(undefined).take();
    expect(thread.isAlive).toBe(true);
    await thread.terminate();
  });

  it('ends the workers that a user’s function made', async () => {
    const made: Worker[] = [];
    const crew = new Crew(() => {
      made.push(new Worker(asleep, { eval: true }));
      return made[0];
    });
    await crew.giveBack(await crew.take());
    expect(made.map(({ threadId }) => threadId)).toEqual([-1]);
  });
});
