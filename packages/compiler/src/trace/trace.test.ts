import { lift, random, keyFromSeed, tf, withLabel } from '@pyro-ts/ops';
import { EscapedTracerError, TracedValueError } from '../errors';
import { toText } from '../graph/print';
import { interpret } from '../reference/executor';
import { isTracing, trace } from './trace';

const vector = { name: 'x', shape: [3], dtype: 'float32' } as const;

describe('trace', () => {
  it('records kernels with the labels under which they ran', () => {
    const graph = trace(([x]) => [withLabel('mu', () => x.exp()).sum()], [vector]);
    expect(toText(graph)).toMatchInlineSnapshot(`
     "%0: f[3] = input x
     %1: f[3] = Exp %0  @mu
     %2: f[] = Sum %1 {axis=null keepDims=false}
     return %2"
    `);
  });

  it("records under tfjs's debug mode and profiler, which read the results of kernels", async () => {
    const exp = (): number => trace(([x]) => [x.exp()], [vector]).nodes.length;
    const warn = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
    tf.enableDebugMode();
    try {
      expect(exp()).toBe(1);
      expect(tf.env().getBool('DEBUG')).toBe(true);
      expect(warn).toHaveBeenCalledTimes(1);
    } finally {
      tf.env().set('DEBUG', false);
      warn.mockRestore();
    }
    const profile = await tf.profile(() => {
      expect(exp()).toBe(1);
      return tf.scalar(1).sin();
    });
    expect(profile.kernelNames).toEqual(['Sin']);
  });

  it('takes tensors of other backends in as constants, with all their bits', () => {
    const outside = lift([0.1, 0.2, 0.3]);
    const graph = trace(([x]) => [x.mul(outside).add(outside)], [vector]);
    expect([...graph.constants.values()]).toEqual([Float64Array.of(0.1, 0.2, 0.3)]);
    expect(Array.from(outside.dataSync())).toEqual([0.1, 0.2, 0.3]);
  });

  it('lets constants be read', () => {
    trace(
      ([x]) => {
        expect(tf.scalar(0.1).dataSync()[0]).toBe(0.1);
        return [x];
      },
      [vector],
    );
  });

  it('returns lists from kernels that split, also lists of one', () => {
    const one = { name: 'x', shape: [1, 3], dtype: 'float32' } as const;
    const graph = trace(([x]) => [...tf.unstack(x), ...tf.split(x, 1), ...tf.split(x, 3, 1)], [one]);
    expect(graph.outputs.map((output) => graph.values[output].shape)).toEqual([
      [3],
      [1, 3],
      [1, 1],
      [1, 1],
      [1, 1],
    ]);
  });

  it('hands out copies of constants: writing to one does not change the graph', () => {
    const graph = trace(
      ([x]) => {
        const constant = tf.tensor1d([1, 2, 3]);
        constant.dataSync().fill(9);
        return [x.add(constant)];
      },
      [vector],
    );
    expect([...graph.constants.values()]).toEqual([Float64Array.of(1, 2, 3)]);
  });

  it('refuses to read a traced value, naming the kernel and the site', () => {
    const read = () => trace(([x]) => [withLabel('mu', () => lift(x.exp().dataSync()[0]))], [vector]);
    expect(read).toThrow(TracedValueError);
    expect(read).toThrow(/'mu': .*the output of Exp, shape \[3\]/);
  });

  it('leaves the active backend and the number of tensors as they were, after errors too', () => {
    const backend = tf.getBackend();
    const before = tf.memory().numTensors;
    trace(([x]) => [tf.grad((t: tf.Tensor) => t.exp().sum())(x)], [vector]);
    expect(() =>
      trace(() => {
        throw new Error('the model failed');
      }, [vector]),
    ).toThrow('the model failed');
    expect(tf.getBackend()).toBe(backend);
    expect(tf.memory().numTensors).toBe(before);
    expect(isTracing()).toBe(false);
  });

  it('refuses a tensor that escaped from an earlier trace', () => {
    let escaped: tf.Tensor | undefined;
    trace(([x]) => [(escaped = tf.keep(x.exp()))], [vector]);
    expect(() => trace(([x]) => [x.add(escaped as tf.Tensor)], [vector])).toThrow(EscapedTracerError);
  });

  it('records random draws as functions of the key', () => {
    const key = { name: 'key', shape: [2], dtype: 'int32' } as const;
    const { stream, key: bits } = keyFromSeed(7);
    const graph = trace(([k]) => [random.normal({ key: k, stream }, [4])], [key]);
    const eager = random.normal({ key: bits, stream }, [4]).dataSync();
    expect(interpret(graph, [Int32Array.from(lift(bits).dataSync())])[0]).toEqual(Float64Array.from(eager));
  });
});
