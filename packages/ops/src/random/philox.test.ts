import { halfOpen, open, philox } from './philox';

function block(counter: number[], key: number[]): string[] {
  const out = new Uint32Array(4);
  philox(out, counter[0], counter[1], counter[2], counter[3], key[0], key[1]);
  return Array.from(out, (w) => w.toString(16).padStart(8, '0'));
}

/** The paper's round function in integers of any size: the slow obvious version. */
function exactBlock(counter: number[], key: number[]): string[] {
  const mask = 0xffffffffn;
  let [a, b, c, d] = counter.map(BigInt);
  let [x, y] = key.map(BigInt);
  for (let round = 0; round < 10; round++) {
    const p = a * 0xd2511f53n;
    const q = c * 0xcd9e8d57n;
    [a, b, c, d] = [(q >> 32n) ^ b ^ x, q & mask, (p >> 32n) ^ d ^ y, p & mask];
    x = (x + 0x9e3779b9n) & mask;
    y = (y + 0xbb67ae85n) & mask;
  }
  return [a, b, c, d].map((w) => w.toString(16).padStart(8, '0'));
}

describe('philox4x32-10', () => {
  it('reproduces the known answers of the Random123 distribution', () => {
    const ones = 0xffffffff;
    expect(block([0, 0, 0, 0], [0, 0])).toEqual(['6627e8d5', 'e169c58d', 'bc57ac4c', '9b00dbd8']);
    expect(block([ones, ones, ones, ones], [ones, ones])).toEqual([
      '408f276d',
      '41c83b0e',
      'a20bc7c6',
      '6d5451fd',
    ]);
    const pi = [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344];
    expect(block(pi, [0xa4093822, 0x299f31d0])).toEqual(['d16cfe09', '94fdcceb', '5001e420', '24126ea1']);
  });

  it('agrees with integer arithmetic of unlimited size on 2,000 blocks', () => {
    let w = 1;
    const next = (): number => (w = (Math.imul(w, 1664525) + 1013904223) >>> 0);
    for (let i = 0; i < 2000; i++) {
      const counter = [next(), next(), next(), next()];
      const key = [next(), next()];
      expect(block(counter, key)).toEqual(exactBlock(counter, key));
    }
  });

  it('takes signed words for the same bits', () => {
    expect(block([-1, -1, -1, -1], [-1, -1])[0]).toBe('408f276d');
  });
});

describe('bits to doubles', () => {
  it('covers [0, 1) in steps of 2^-53', () => {
    expect(halfOpen(0, 0)).toBe(0);
    expect(halfOpen(0, 64)).toBe(2 ** -53);
    expect(halfOpen(0xffffffff, 0xffffffff)).toBe(1 - 2 ** -53);
  });

  it('covers the open interval (0, 1) symmetrically', () => {
    expect(open(0, 0)).toBe(2 ** -53);
    expect(open(0xffffffff, 0xffffffff)).toBe(1 - 2 ** -53);
    expect(open(0x12345678, 0x9abcdef0) + open(~0x12345678, ~0x9abcdef0)).toBe(1);
  });
});
