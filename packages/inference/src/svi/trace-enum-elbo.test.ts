import {
  handlers,
  indexing,
  markov,
  param,
  plate,
  range,
  sample,
  type Infer,
  type Model,
} from '@pyro-ts/core';
import { Bernoulli, Categorical, Normal } from '@pyro-ts/distributions';
import { flatten } from '@pyro-ts/compiler';
import { lift, scoped, tf } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import { Adam } from '../optim';
import { AutoDelta, AutoNormal } from '../guides';
import { configEnumerate } from '../enumeration';
import { eachAssignment, type DiscreteSpec } from '../../test/enumeration/random-models';
import { buildLoss, compiledGradients, eagerGradients, SVI, TraceELBO, TraceEnumELBO, type Elbo } from '.';
import { segmentsOf } from './params';
import { stepKey } from './state';

type Plain = Model<[]>;
const parallel = { infer: { enumerate: 'parallel' } } as const;
const sequential = { infer: { enumerate: 'sequential' } } as const;

/** [loss, ...gradient] of one step after another, at the initial parameters. */
function steps(
  model: Plain,
  guide: Plain,
  loss: Elbo,
  count: number,
  gradients = compiledGradients(),
): number[][] {
  const svi = SVI({ model, guide, optim: Adam(), loss });
  const state = svi.init(7);
  const segments = segmentsOf(state.params);
  const evaluator = gradients(buildLoss({ model, guide, loss, segments, args: flatten<[]>([]) }));
  const params = Float64Array.from(Object.values(state.params).flatMap(({ data }) => [...data]));
  return Array.from({ length: count }, (_, i) => {
    const { loss: value, gradient } = evaluator.lossAndGradient(params, stepKey(state.key, i), []);
    return [value, ...gradient];
  });
}

/** The log joint density with sites and parameters given. */
function logJoint(model: Plain, sites: Record<string, tf.Tensor>, params: Record<string, number[]>): number {
  return scoped(() => {
    const run = handlers.substitute(handlers.condition(model, { data: sites }), { data: params });
    return handlers.trace(run).getTrace().logProbSum().dataSync()[0];
  });
}

interface Problem {
  readonly model: Plain;
  readonly guide: Plain;
  readonly inGuide: readonly DiscreteSpec[];
  readonly inModel?: readonly DiscreteSpec[];
  readonly params: Record<string, number[]>;
}

/** Σ_z q(z) (log Σ_w p(z, w, x) − log q(z)), assignment by assignment. */
function exactElbo(
  { model, guide, inGuide, inModel = [] }: Problem,
  params: Record<string, number[]>,
): number {
  return scoped(() => {
    let elbo = 0;
    for (const z of eachAssignment(inGuide)) {
      const logQ = logJoint(guide, z, params);
      const logP = [...eachAssignment(inModel)].map((w) => logJoint(model, { ...z, ...w }, params));
      const top = Math.max(...logP);
      const sum = top + Math.log(logP.reduce((s, l) => s + Math.exp(l - top), 0));
      elbo += Math.exp(logQ) * (sum - logQ);
    }
    return elbo;
  });
}

/** −ELBO and its gradient by central differences. */
function exact(problem: Problem): number[] {
  const h = 1e-5;
  const { params } = problem;
  const slopes = Object.entries(params).flatMap(([name, values]) =>
    values.map((value, i) => {
      const at = (x: number): number => exactElbo(problem, { ...params, [name]: values.with(i, x) });
      return -(at(value + h) - at(value - h)) / (2 * h);
    }),
  );
  return [-exactElbo(problem, params), ...slopes];
}

const y = [0.3, 2.2];
const site = (name: string, choices: number, ...shape: number[]): DiscreteSpec => ({ name, choices, shape });
const learnt = (params: Record<string, number[]>, name: string): tf.Tensor => param(name, params[name]);
const table = [[-1, 0.5], [2, 1]]; // prettier-ignore

const t = { t: [0.4, -0.3] };
const chainParams = { ta: [0.2, -0.7], tb: [0.5, 0.1, -0.3, 0.9] };

/** Problems without any drawn site. */
const enumerated: Record<string, Problem> = {
  'a site in a plate': {
    params: t,
    inGuide: [site('z', 2, 2)],
    model: () =>
      plate('data', 2, () => {
        const z = sample('z', Bernoulli(0.3));
        sample('y', Normal(indexing.vindex([-1, 2], [z]), 1), { obs: y });
      }),
    guide: () => plate('data', 2, () => sample('z', Bernoulli({ logits: learnt(t, 't') }), parallel)),
  },
  'a site outside and a site inside of a plate': {
    params: chainParams,
    inGuide: [site('a', 2), site('b', 2, 2)],
    model: () => {
      const a = sample('a', Bernoulli(0.3));
      plate('data', 2, () => {
        const b = sample('b', Bernoulli({ logits: indexing.vindex([0.3, -1], [a]) }));
        sample('y', Normal(indexing.vindex(table, [a, b]), 1), { obs: y });
      });
    },
    guide: () => {
      const a = sample('a', Categorical({ logits: learnt(chainParams, 'ta') }), parallel);
      const logits = tf.reshape(learnt(chainParams, 'tb'), [2, 2]);
      plate('data', 2, () => sample('b', Categorical({ logits: indexing.vindex(logits, [a]) }), parallel));
    },
  },
  'a site run after run': {
    params: chainParams,
    inGuide: [site('a', 2), site('b', 2)],
    model: () => {
      const a = sample('a', Bernoulli(0.3));
      const b = sample('b', Bernoulli({ logits: indexing.vindex([0.3, -1], [a]) }));
      sample('y', Normal(indexing.vindex(table, [a, b]), 1), { obs: 0.7 });
    },
    guide: () => {
      const a = sample('a', Categorical({ logits: learnt(chainParams, 'ta') }), sequential);
      const logits = tf.reshape(learnt(chainParams, 'tb'), [2, 2]);
      sample('b', Categorical({ logits: indexing.vindex(logits, [a]) }), parallel);
    },
  },
  'a site run after run inside a plate, and terms outside': {
    params: t,
    inGuide: [site('z', 2, 2)],
    model: () => {
      sample('x', Normal(0, 1), { obs: 0.4 });
      plate('data', 2, () => {
        const z = sample('z', Bernoulli(0.3));
        sample('y', Normal(indexing.vindex([-1, 2], [z]), 1), { obs: y });
      });
    },
    guide: () => plate('data', 2, () => sample('z', Bernoulli({ logits: learnt(t, 't') }), sequential)),
  },
  'a site of the guide and a chain that the model sums out': {
    params: t,
    inGuide: [site('z', 2)],
    inModel: [site('x0', 2), site('x1', 2), site('x2', 2)],
    model: () => {
      const z = sample('z', Bernoulli(0.3));
      let x: tf.Tensor = lift(0, 'int32');
      for (const i of markov(range(3))) {
        const logits = indexing.vindex([[[0.3, -1], [1, 0]], [[2, 0], [-1, 1]]], [z, x]); // prettier-ignore
        x = sample(`x${i}`, Categorical({ logits }), parallel);
        sample(`y${i}`, Normal(indexing.vindex([-1, 1], [x]), 1), { obs: Math.sin(i) });
      }
    },
    guide: () => sample('z', Categorical({ logits: learnt(t, 't') }), parallel),
  },
};

describe('TraceEnumELBO with every site enumerated is exact, and so is its gradient', () => {
  it.each(Object.keys(enumerated))('%s', (name) => {
    const problem = enumerated[name];
    const expected = exact(problem);
    for (const gradients of [eagerGradients, compiledGradients()]) {
      const [row] = steps(problem.model, problem.guide, TraceEnumELBO(), 1, gradients);
      expectClose(row[0], expected[0], { rel: 1e-12 });
      expectClose(row.slice(1), expected.slice(1), { rel: 1e-8, abs: 1e-8 });
    }
  });

  it('particles in one run change nothing where nothing is drawn', () => {
    const { model, guide } = enumerated['a site outside and a site inside of a plate'];
    const [one] = steps(model, guide, TraceEnumELBO(), 1);
    const [many] = steps(model, guide, TraceEnumELBO({ numParticles: 3, vectorizeParticles: true }), 1);
    expectClose(many, one, { rel: 1e-12 });
  });
});

/** Marks of the guide's sites replaced. */
const marked = (guide: Plain, infer: object | undefined): Plain =>
  handlers.inferConfig(guide, {
    configFn: () => ({ enumerate: undefined, numSamples: undefined, ...infer }),
  });

describe('TraceEnumELBO with drawn sites is unbiased, and so is its gradient (5 standard errors, 1e-6 a number)', () => {
  const cases = Object.keys(enumerated).flatMap((name) => [
    [name, 'drawn one at a time', undefined] as const,
    [name, 'drawn 5 at a time', { enumerate: 'parallel', numSamples: 5 }] as const,
  ]);
  it.each(cases)('%s, %s', (name, _, infer) => {
    const problem = enumerated[name];
    const expected = exact(problem);
    const count = 1500;
    const rows = steps(
      problem.model,
      marked(problem.guide, infer),
      TraceEnumELBO({ strictEnumerationWarning: false }),
      count,
    );
    expected.forEach((value, j) => {
      const mean = rows.reduce((s, row) => s + row[j], 0) / count;
      const variance = rows.reduce((s, row) => s + (row[j] - mean) ** 2, 0) / (count - 1);
      expect(variance).toBeGreaterThan(0);
      expect(Math.abs(mean - value)).toBeLessThanOrEqual(5 * Math.sqrt(variance / count));
    });
  });

  it('a pathwise site of which several draws are taken, and a global site that the model sums out', () => {
    const model = (): void => {
      const g = sample('g', Bernoulli(0.4), parallel);
      plate('data', 2, () => {
        const x = sample('x', Normal(indexing.vindex([-1, 1], [g]), 1));
        sample('y', Normal(x, 1), { obs: y });
      });
    };
    const guide = (infer: Infer) => (): void =>
      void plate('data', 2, () => sample('x', Normal(param('m', [0.1, 1]), 0.5), { infer }));
    const once = steps(model, guide({}), TraceEnumELBO(), 4000);
    expect(() => steps(model, guide({ enumerate: 'parallel', numSamples: 4 }), TraceEnumELBO(), 1)).toThrow(
      /no more global than those enumerated in the guide/,
    );
    // log Σ_g p(g) Π_i N(x_i; ±1) averaged over many plain draws, with the same draws for both means.
    const direct = (m: number[]): number => {
      let sum = 0;
      const n = 200;
      const normal = (x: number, c: number): number => -0.5 * (x - c) ** 2 - 0.5 * Math.log(2 * Math.PI);
      const node = (i: number): number => -6 + (12 * (i + 0.5)) / n;
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++) {
          const [e0, e1] = [node(i), node(j)];
          const weight = (Math.exp(-(e0 * e0 + e1 * e1) / 2) / (2 * Math.PI)) * (12 / n) ** 2;
          const [x0, x1] = [m[0] + 0.5 * e0, m[1] + 0.5 * e1];
          const branch = (p: number, c: number): number => p * Math.exp(normal(x0, c) + normal(x1, c));
          const logQ = normal(e0, 0) + normal(e1, 0) - 2 * Math.log(0.5);
          sum +=
            weight *
            (Math.log(branch(0.6, -1) + branch(0.4, 1)) + normal(y[0], x0) + normal(y[1], x1) - logQ);
        }
      return sum;
    };
    const h = 1e-5;
    const m = [0.1, 1];
    const slopes = m.map((v, i) => -(direct(m.with(i, v + h)) - direct(m.with(i, v - h))) / (2 * h));
    [-direct(m), ...slopes].forEach((value, j) => {
      const mean = once.reduce((s, row) => s + row[j], 0) / once.length;
      const variance = once.reduce((s, row) => s + (row[j] - mean) ** 2, 0) / (once.length - 1);
      expect(Math.abs(mean - value)).toBeLessThanOrEqual(5 * Math.sqrt(variance / once.length));
    });
  });
});

describe('SVI with TraceEnumELBO', () => {
  const data = [-2.1, -1.9, -2.3, 3.1, 2.8, 3.3, 2.9, 3];
  const mixture = (): void => {
    const weights = lift([0.4, 0.6]);
    const locs = plate('components', 2, () => sample('locs', Normal([-1, 1], 3)));
    plate('data', data.length, () => {
      const z = sample('assignment', Categorical(weights), parallel);
      sample('y', Normal(tf.gather(locs, z), 0.5), { obs: data });
    });
  };

  it.each([
    ['AutoDelta', AutoDelta],
    ['AutoNormal', AutoNormal],
  ])('%s learns a mixture whose assignments are summed out', async (name, guide) => {
    const svi = SVI({
      model: mixture,
      guide: guide(mixture),
      optim: Adam({ learningRate: 0.05 }),
      loss: TraceEnumELBO(),
      fallback: 'error',
    });
    const { params } = await svi.run({ steps: 800, seed: 0 });
    const [first] = Object.values(params);
    expect(Math.abs(first.data[0] + 2.1)).toBeLessThan(0.3);
    expect(Math.abs(first.data[1] - 3.02)).toBeLessThan(0.3);
    expect(name).toMatch(/Auto/);
  });

  it('takes a continuous site outside of the plates, that depends on a site summed out, for a number', async () => {
    const model = () => {
      const z = sample('z', Bernoulli(0.3), { infer: { enumerate: 'parallel' } });
      const mu = sample('mu', Normal(tf.where(z.equal(1), 3, -3), 1));
      plate('data', 3, () => sample('y', Normal(mu, 1), { obs: [1, 2, 0] }));
    };
    const guide = AutoNormal(model);
    const svi = SVI({ model, guide, optim: Adam({ learningRate: 0.02 }), loss: TraceEnumELBO() });
    const { params } = await svi.run({ steps: 10, seed: 0 });
    expect(guide.median(params)['mu'].shape).toEqual([]);
  });

  it('TraceELBO refuses sites that are marked', () => {
    const svi = SVI({ model: mixture, guide: AutoDelta(mixture), optim: Adam(), loss: TraceELBO() });
    expect(() => svi.update(svi.init(0))).toThrow(
      /at site 'assignment': .*'parallel', but TraceELBO draws every site(.|\n)*TraceEnumELBO/,
    );
  });

  it('says if nothing is marked, and where a dependency may be invalid', () => {
    const svi = SVI({
      model: () => sample('x', Normal(0, 1)),
      guide: () => sample('x', Normal(param('m', 0), 1)),
      optim: Adam(),
      loss: TraceEnumELBO(),
    });
    svi.init(0);
    expect(svi.notes).toEqual([
      expect.stringMatching(/no site that is marked for enumeration(.|\n)*configEnumerate/),
    ]);
    const late = (): void => {
      plate('data', 3, () => sample('z', Bernoulli(0.5), parallel));
      sample('x', Normal(0, 1));
    };
    const other = SVI({
      model: late,
      guide: () => sample('x', Normal(param('m', 0), 1)),
      optim: Adam(),
      loss: TraceEnumELBO(),
    });
    other.init(0);
    expect(other.notes).toEqual([
      expect.stringMatching(/'x' comes after the enumerated 'z' and outside of plate 'data'/),
    ]);
  });

  it('sums out what configEnumerate marks', () => {
    const model = configEnumerate(() => {
      const z = sample('z', Bernoulli(0.3));
      sample('y', Normal(tf.add(param('m', 0), tf.cast(z, 'float32')), 1), { obs: 1 });
    });
    const [[value]] = steps(model, () => undefined, TraceEnumELBO(), 1);
    const normal = (x: number): number => Math.exp(-(x ** 2) / 2) / Math.sqrt(2 * Math.PI);
    expectClose(value, -Math.log(0.7 * normal(1) + 0.3 * normal(0)), { rel: 1e-14 });
  });
});
