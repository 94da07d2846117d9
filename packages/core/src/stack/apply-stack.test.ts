import { Normal } from '@pyro-ts/distributions';
import { tf } from '@pyro-ts/ops';
import { AsyncModelError } from '../errors';
import { block } from '../handlers/block';
import { trace } from '../handlers/trace';
import type { Message } from '../messages/message';
import { produce } from '../messages/produce';
import type { Model } from '../model';
import { sample } from '../primitives/sample';
import { applyStack, defineKind } from './apply-stack';
import { createHandler, withHandler } from './handler';
import { installedHandlers } from './stack';

const draw = (): tf.Tensor => sample('x', Normal(0, 1));

describe('the handler stack', () => {
  it('sends a message out from the innermost handler and back from the outermost', () => {
    const log: string[] = [];
    const logged = (model: Model<[], tf.Tensor>, name: string): Model<[], tf.Tensor> =>
      withHandler(model, () => ({
        process: () => void log.push(`${name} out`),
        postprocess: (message) => void log.push(`${name} back, has value: ${message.value !== undefined}`),
      }));
    tf.tidy(() => void logged(logged(draw, 'inner'), 'outer')());
    expect(log).toEqual([
      'inner out',
      'outer out',
      'outer back, has value: true',
      'inner back, has value: true',
    ]);
  });

  it('draws when no handler answers', () => {
    tf.tidy(() => expect(draw().shape).toEqual([]));
  });

  it('hides a stopped message from handlers further out, but not from those that see through blocks', () => {
    const seen: string[] = [];
    const spy = (model: Model<[], tf.Tensor>, name: string, throughBlocks: boolean): Model<[], tf.Tensor> =>
      withHandler(model, () => ({ throughBlocks, process: () => void seen.push(name) }));
    tf.tidy(() => void spy(spy(block(spy(draw, 'inside', false)), 'outside', false), 'through', true)());
    expect(seen).toEqual(['inside', 'through']);
  });

  it('makes a fresh handler for every run', () => {
    let made = 0;
    const counted = withHandler(draw, () => ({ process: () => void made++ }));
    tf.tidy(() => void [counted(), counted()]);
    const fresh = createHandler(() => {
      let calls = 0;
      return { process: () => void (made = ++calls) };
    })(draw);
    tf.tidy(() => void [fresh(), fresh()]);
    expect(made).toBe(1);
  });

  it('is what it was before when a model throws', () => {
    const failing = withHandler(
      () => {
        throw new Error('boom');
      },
      () => ({}),
    );
    expect(() => failing()).toThrow('boom');
    expect(installedHandlers()).toEqual([]);
    tf.tidy(() => expect(trace(draw).getTrace().sites.size).toBe(1));
  });

  it('is what it was before when a handler throws', () => {
    const failing = withHandler(draw, () => ({
      process: () => {
        throw new Error('boom');
      },
    }));
    expect(failing).toThrow('boom');
    expect(installedHandlers()).toEqual([]);
  });

  it('says after which site a model failed', () => {
    const failing = withHandler(
      () => {
        draw();
        throw new Error('boom');
      },
      () => ({}),
    );
    expect(() => tf.tidy(() => void failing())).toThrow("boom\n  Raised in the model after site 'x'.");
  });

  it('refuses a model that returns a Promise', () => {
    const later = async (): Promise<number> => Promise.resolve(1);
    expect(() => trace(later).getTrace()).toThrow(AsyncModelError);
    const rejected = async (): Promise<number> => Promise.reject(new Error('unseen'));
    expect(() => trace(rejected).getTrace()).toThrow(AsyncModelError);
  });

  it('leaves messages unchanged: handlers return copies', () => {
    const seen: Message[] = [];
    const keep = (model: Model<[], tf.Tensor>): Model<[], tf.Tensor> =>
      withHandler(model, () => ({ process: (message) => void seen.push(message) }));
    const change = createHandler(() => ({
      process: (message: Message) => produce(message, (draft) => void (draft.name = 'renamed')),
    }));
    tf.tidy(() => void keep(change(keep(draw)))());
    expect(seen.map((message) => message.name)).toEqual(['x', 'renamed']);
  });
});

describe("a user's own kind of message", () => {
  const say = (name: string): unknown => applyStack({ ...ask, kind: 'say', name } as never).value;
  const ask = { value: undefined, condIndepStack: [], infer: {}, key: undefined, stop: false };
  defineKind(
    'say' as never,
    ((message: Message) => ({ ...message, value: `hello ${message.name}` })) as never,
  );

  it('has its default behaviour and can be handled', () => {
    expect(say('you')).toBe('hello you');
    const loud = createHandler(() => ({
      postprocess: (message: Message) =>
        ({ ...message, value: String(message.value).toUpperCase() }) as never,
    }));
    expect(loud(() => say('you'))()).toBe('HELLO YOU');
  });
});
