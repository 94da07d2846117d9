import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lift, scan, tf } from '@pyro-ts/ops';
import { ProgramFormatError } from '../errors';
import { compile, load } from '../jit/compile';
import { crc32 } from './container';

const data = lift([[0.1, -0.7], [1.3, 0.2], [0.4, -1.1]]); // prettier-ignore

/** Constants, gradients, a scan, integers, booleans and infinite attributes. */
const program = () =>
  compile(
    (beta, xs) => {
      const { value, grad } = tf.valueAndGrad((b: tf.Tensor) => {
        const walk = scan((c: tf.Tensor, x: tf.Tensor) => [c.mul(0.9).add(x.mul(b.sum())), c] as const, 0.1, xs);
        return tf.matMul(data, b.expandDims(1)).clipByValue(-1, Infinity).sum().add(walk.ys.sum());
      })(beta);
      return { loss: value, grads: [grad, beta.greater(0)], count: tf.cast(xs, 'int32').sum() };
    },
    { inputs: [{ shape: [2] }, { shape: [4] }], executor: 'reference', precision: 'float64' },
  ); // prettier-ignore

const inputs = [Float64Array.of(0.3, -0.2), Float64Array.of(1, 2, -3, 4)];

describe('toBytes and load', () => {
  it('give a program with the same bits, names and shapes', () => {
    const original = program();
    const loaded = load(original.toBytes());
    expect(loaded.run(inputs)).toEqual(original.run(inputs));
    expect(loaded.outputs).toEqual(original.outputs);
    expect(loaded.outputs.map(({ name }) => name)).toEqual(['loss', 'grads.0', 'grads.1', 'count']);
    expect(loaded.inputs.map(({ shape }) => shape)).toEqual([[2], [4]]);
    expect(load(loaded.toBytes()).toBytes()).toEqual(original.toBytes());
  });

  it('load wherever in a larger buffer the bytes lie', () => {
    const bytes = program().toBytes();
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(load(shifted.subarray(3)).run(inputs)).toEqual(program().run(inputs));
  });

  it('load in a process that has neither the function nor its data', () => {
    const folder = mkdtempSync(join(tmpdir(), 'pyro-ts-'));
    const file = join(folder, 'program.bin');
    try {
      const original = program();
      writeFileSync(file, original.toBytes());
      const script = join(__dirname, '../../test/load-in-child.ts');
      const config = join(__dirname, '../../../tsconfig.test.json');
      const output = execFileSync(process.execPath, ['--import', 'tsx', script, file], {
        env: { ...process.env, TSX_TSCONFIG_PATH: config },
        encoding: 'utf8',
      });
      const results = JSON.parse(output) as number[][];
      expect(results).toEqual(original.run(inputs).map((array) => Array.from(array)));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  const refusal = (bytes: Uint8Array): ProgramFormatError => {
    try {
      load(bytes);
    } catch (error) {
      expect(error).toBeInstanceOf(ProgramFormatError);
      return error as ProgramFormatError;
    }
    throw new Error('the bytes were loaded');
  };

  it('refuse what is no program', () => {
    for (const bytes of [new Uint8Array(0), new Uint8Array(100), new TextEncoder().encode('pyrots, a file')])
      expect(refusal(bytes).reason).toBe('foreign');
  });

  it('refuse another version of the format, naming both', () => {
    const bytes = program().toBytes();
    bytes[8] = 7;
    expect(refusal(bytes)).toMatchObject({ reason: 'version', message: expect.stringContaining('format 7') as string });
  }); // prettier-ignore

  it('refuse every cut-off file and every changed byte', () => {
    const bytes = program().toBytes();
    for (let n = 8; n < bytes.length; n += 97) expect(refusal(bytes.slice(0, n)).reason).toBe('damaged');
    for (let i = 12; i < bytes.length; i += 89) {
      const changed = bytes.slice();
      changed[i] ^= 0x10;
      expect(refusal(changed).reason).toBe('damaged');
    }
  });

  it('refuse a graph that breaks the rules although its checksum is right', () => {
    const bytes = program().toBytes();
    const text = new TextDecoder('latin1').decode(bytes);
    const at = text.indexOf('"outputs":[', text.lastIndexOf('"Sum"'));
    bytes[at + 11] = '9'.charCodeAt(0);
    bytes[at + 12] = '9'.charCodeAt(0);
    new DataView(bytes.buffer).setUint32(12, crc32(bytes.subarray(24)), true);
    expect(refusal(bytes).reason).toBe('damaged');
  });
});
