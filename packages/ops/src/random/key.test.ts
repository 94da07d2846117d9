import { defaultGenerator, setRngSeed } from './generator';
import { foldIn, keyFromSeed, split, type RandomKey } from './key';
import type { NdArray } from '../data/nd-array';

const bits = (key: RandomKey): string => [...(key.key as NdArray).data, ...key.stream].join(',');

describe('keyFromSeed', () => {
  it('gives the same key for the same seed and different keys for different seeds', () => {
    const seeds = [
      0,
      1,
      -1,
      0.5,
      2 ** 40,
      '',
      '0',
      '1',
      'a',
      'aa',
      'aaa',
      'ab',
      'abab',
      'š',
      'b'.repeat(300),
      'b'.repeat(301),
    ];
    const keys = seeds.map((seed) => bits(keyFromSeed(seed)));
    expect(new Set(keys).size).toBe(seeds.length);
    expect(keys).toEqual(seeds.map((seed) => bits(keyFromSeed(seed))));
  });

  it('keeps its bits from version to version', () => {
    expect(bits(keyFromSeed(0))).toMatchInlineSnapshot(`"1755907274,1757555893,0,0"`);
    expect(bits(foldIn(keyFromSeed('seed'), 'site'))).toMatchInlineSnapshot(
      `"-1432172102,601112655,334732848,1483825398"`,
    );
  });

  it('refuses a seed that is not finite', () => {
    expect(() => keyFromSeed(NaN)).toThrow(/not a finite number/);
  });
});

describe('foldIn', () => {
  const root = keyFromSeed(1);

  it('changes the stream and leaves the dynamic part alone', () => {
    const folded = foldIn(root, 'x');
    expect(folded.key).toBe(root.key);
    expect(folded.stream).not.toEqual(root.stream);
  });

  it('gives distinct streams to 100,000 site names and occurrences', () => {
    const streams = new Set<string>();
    for (let i = 0; i < 50000; i++) {
      streams.add(foldIn(root, `site_${i}`).stream.join());
      streams.add(foldIn(root, i).stream.join());
    }
    expect(streams.size).toBe(100000);
  });

  it('tells strings from their padding, numbers from strings, order from order', () => {
    const all = [
      foldIn(root, ''),
      foldIn(root, '\0'),
      foldIn(root, 'a'),
      foldIn(root, 'a\0'),
      foldIn(root, 1),
      foldIn(root, '1'),
      foldIn(foldIn(root, 'a'), 'b'),
      foldIn(foldIn(root, 'b'), 'a'),
      foldIn(root, 'ab'),
      ...split(root, 3),
    ];
    expect(new Set(all.map(bits)).size).toBe(all.length);
    expect(bits(foldIn(root, -0))).toBe(bits(foldIn(root, 0)));
  });

  it('flips half of the 64 bits when one character changes (avalanche, within 6 standard errors)', () => {
    let flips = 0;
    const n = 2000;
    const ones = (x: number): number => (x === 0 ? 0 : 1 + ones((x & (x - 1)) >>> 0));
    for (let i = 0; i < n; i++) {
      const [a, b] = [foldIn(root, `beta[${i}]`).stream, foldIn(root, `bfta[${i}]`).stream];
      flips += ones((a[0] ^ b[0]) >>> 0) + ones((a[1] ^ b[1]) >>> 0);
    }
    expect(Math.abs(flips / n - 32)).toBeLessThan((6 * 4) / Math.sqrt(n));
  });
});

describe('the default generator', () => {
  it('repeats after setRngSeed and never gives a key twice', () => {
    setRngSeed(3);
    const first = Array.from({ length: 100 }, () => bits(defaultGenerator.next()));
    setRngSeed(3);
    expect(Array.from({ length: 100 }, () => bits(defaultGenerator.next()))).toEqual(first);
    expect(new Set(first).size).toBe(100);
  });

  it('keeps its state where another copy of the package finds it', () => {
    expect(
      (globalThis as Record<symbol, unknown>)[Symbol.for('pyro-ts.random.default-generator')],
    ).toBeDefined();
  });
});
