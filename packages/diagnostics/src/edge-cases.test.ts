import {
  autocorrelation,
  bfmi,
  DiagnosticsError,
  effectiveSampleSize,
  essBulk,
  essMean,
  essTail,
  formatSummary,
  gelmanRubin,
  hpdi,
  mcseMean,
  mcseQuantile,
  mcseSd,
  quantile,
  rhat,
  summary,
} from './index';

const wave = (shift: number): number[] => Array.from({ length: 40 }, (_, i) => Math.sin(i * i + shift));

describe('degenerate chains', () => {
  it('a constant: R-hat and its MCSE of the sd are NaN, ESS is the number of draws, MCSE of the mean is 0', () => {
    const chains = [new Float64Array(20).fill(3), new Float64Array(20).fill(3)];
    expect([rhat(chains), gelmanRubin(chains)]).toEqual([NaN, NaN]);
    expect([essBulk(chains), essTail(chains), essMean(chains)]).toEqual([40, 40, 40]);
    expect([mcseMean(chains), mcseQuantile(chains, 0.3), mcseSd(chains)]).toEqual([0, 0, NaN]);
    expect(autocorrelation(chains[0])).toEqual(new Float64Array(20).fill(NaN));
  });

  it('a constant far from zero, with no spacing of doubles to spare, is still a constant', () => {
    expect(essMean([new Float64Array(8).fill(0.1 + 1e9)])).toBe(8);
  });

  it('chains stuck at different values have an infinite split R-hat', () => {
    const stuck = [new Float64Array(20).fill(1), new Float64Array(20).fill(2)];
    expect(rhat(stuck)).toBe(Infinity);
  });

  it('tiny spreads are not taken for constants', () => {
    const chains = [wave(0), wave(1)];
    const scaled = chains.map((chain) => chain.map((x) => x * 2 ** -100));
    expect(essMean(scaled)).toBe(essMean(chains));
    expect(rhat(scaled)).toBe(rhat(chains));
  });

  it('one chain has an R-hat (its halves are compared) but no unsplit one', () => {
    expect(rhat([wave(0)])).toBeLessThan(1.1);
    expect(rhat([wave(0).map((x, i) => x + i)])).toBeGreaterThan(1.5);
    expect(gelmanRubin([wave(0)])).toBe(NaN);
  });

  it('a NaN anywhere gives NaN everywhere', () => {
    const chains = [wave(0), [...wave(1).slice(1), NaN]];
    const values = [rhat, gelmanRubin, essBulk, essTail, essMean, effectiveSampleSize, mcseMean, mcseSd];
    expect(values.map((f) => f(chains))).toEqual(values.map(() => NaN));
    expect(quantile(chains.flat(), 0.5)).toBe(NaN);
    expect(hpdi(chains.flat())).toEqual([NaN, NaN]);
  });

  it('three draws a chain are too few', () => {
    const chains = [wave(0).slice(0, 3), wave(1).slice(0, 3)];
    expect([rhat(chains), essBulk(chains), mcseMean(chains)]).toEqual([NaN, NaN, NaN]);
    expect(bfmi([1])).toBe(NaN);
  });

  it('chains of different length are an error that says how to go on', () => {
    expect(() => rhat([wave(0), wave(1).slice(2)])).toThrow(DiagnosticsError);
    expect(() => rhat([wave(0), wave(1).slice(2)])).toThrow(/chain 1 has 38\.\n {2}Fix: cut/);
    expect(() => rhat([])).toThrow(/no chains/);
  });

  it('a percentage where a probability belongs is an error', () => {
    expect(() => quantile([1, 2], 5)).toThrow(/pass 0\.05, not 5/);
    expect(() => hpdi([1, 2], 90)).toThrow(/pass 0\.9, not 90/);
  });
});

describe('summary', () => {
  // [chains 2, draws 4, event 2]: the first scalar is 0…7 over chains and draws, the second is constant.
  const data = Float64Array.from({ length: 16 }, (_, i) => (i % 2 === 0 ? i / 2 : -1));
  const result = summary({ beta: { data, shape: [2, 4, 2] } });

  it('has one row for each scalar, in row-major order', () => {
    expect(result.rows.map((row) => row.name)).toEqual(['beta[0]', 'beta[1]']);
    expect(result.rows.map((row) => row.mean)).toEqual([3.5, -1]);
    expect(result.rows[0].median).toBe(3.5);
    expect(result.rows[0].sd).toBeCloseTo(Math.sqrt(6), 14);
    expect(result).toMatchObject({ chains: 2, draws: 4, prob: 0.9, interval: 'quantile' });
  });

  it('names scalars and matrices as Pyro does', () => {
    const sites = {
      mu: { data: new Float64Array(8), shape: [2, 4] },
      L: { data: new Float64Array(32), shape: [2, 4, 2, 2] },
    };
    const names = summary(sites).rows.map((row) => row.name);
    expect(names).toEqual(['mu', 'L[0,0]', 'L[0,1]', 'L[1,0]', 'L[1,1]']);
  });

  it('intervals are central quantiles, or the narrowest on request', () => {
    const skewed = { x: { data: Float64Array.from({ length: 100 }, (_, i) => i ** 3), shape: [1, 100] } };
    expect(summary(skewed, { prob: 0.5 }).rows[0].lower).toBe(quantile(skewed.x.data, 0.25));
    expect(summary(skewed, { prob: 0.5, interval: 'hpdi' }).rows[0].lower).toBe(0);
  });

  it('prints aligned', () => {
    expect('\n' + formatSummary(result)).toMatchSnapshot();
    expect(formatSummary(summary({ x: { data, shape: [2, 8] } }, { interval: 'hpdi', prob: 0.8 }))).toContain(
      'hpdi 80% low',
    );
  });

  it('rejects sites that do not fit together, naming both', () => {
    const good = { data: new Float64Array(8), shape: [2, 4] };
    const bad = { data: new Float64Array(8), shape: [8] };
    expect(() => summary({ good, bad })).toThrow(/'bad' has shape \[8\], site 'good' \[2, 4\]/);
  });
});
