/** What Node and a browser both run: log densities compiled where they run, bit by bit. */
import { compile, load } from '@pyro-ts/compiler';
import { unconstrainModel } from '@pyro-ts/core';
import { lift, tf } from '@pyro-ts/ops';
import { dist, infer, plate, sample } from 'pyro-ts';

/** Whole numbers from −50 to 50: the same data everywhere, without floating-point arithmetic. */
function numbers(count, seed) {
  let state = seed;
  return Array.from({ length: count }, () => (state = (state * 48271) % 2147483647) % 101).map((n) => n - 50);
}

const effects = [28, 8, -3, 7, -1, 1, 18, 12];
const standardErrors = [15, 10, 16, 11, 9, 11, 10, 18];

function eightSchools() {
  const mu = sample('mu', dist.Normal(0, 5));
  const tau = sample('tau', dist.HalfCauchy(5));
  plate('schools', 8, () => {
    const theta = mu.add(tau.mul(sample('thetaTrans', dist.Normal(0, 1))));
    sample('y', dist.Normal(theta, standardErrors), { obs: effects });
  });
}

const [rows, columns] = [201, 5];
const x = Array.from({ length: rows }, (_, i) => numbers(columns, i + 1).map((n) => n / 32));
const positive = numbers(rows, 7).map((n) => (n > 0 ? 1 : 0));

function logisticRegression() {
  const intercept = sample('intercept', dist.Normal(0, 2.5));
  const beta = sample('beta', dist.Normal(0, 2.5).expand([columns]).toEvent(1));
  const logits = tf.matMul(lift(x), beta.expandDims(1)).squeeze([1]).add(intercept);
  plate('rows', rows, () => sample('y', dist.Bernoulli({ logits }), { obs: positive }));
}

/** Student-t noise: log-gamma and digamma as well. */
function robustLocation() {
  const degrees = sample('degrees', dist.Gamma(2, 0.1));
  const location = sample('location', dist.Normal(0, 10));
  plate('rows', 8, () => sample('y', dist.StudentT(degrees, location, 4), { obs: effects }));
}

// Constants such as log(5) are folded with Math.log, whose last bit is the engine's: these models' scales are ones on
// which Node and Chromium agree (they disagree on log(3)), so that programs compiled on either side are equal too.
const models = { eightSchools, logisticRegression, robustLocation };

/** The bits of numbers, most significant first, 16 hexadecimal digits each. */
function bits(values) {
  const view = new DataView(new ArrayBuffer(8));
  return Array.from(values, (value) => {
    view.setFloat64(0, value);
    return view.getBigUint64(0).toString(16).padStart(16, '0');
  }).join(' ');
}

/** FNV-1a. */
function checksum(bytes) {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash.toString(16);
}

function run(program, name, dim) {
  return [1, 2].flatMap((seed) => {
    const [value, gradient] = program.run([Float64Array.from(numbers(dim, seed), (n) => n / 25)]);
    return [
      [`${name} point ${seed} value`, bits(value)],
      [`${name} point ${seed} gradient`, bits(gradient)],
    ];
  });
}

/** Programs to take elsewhere: name → bytes. */
export function portablePrograms() {
  return Object.entries(models).map(([name, model]) => {
    const program = compileDensity(model, 'float64').program;
    return { name, dim: program.inputs[0].shape[0], bytes: program.toBytes() };
  });
}

function compileDensity(model, precision) {
  const { logDensity, dim } = unconstrainModel(model, []);
  const valueAndGradient = (q) => {
    const { value, grad } = tf.valueAndGrad(logDensity)(q);
    return [value, grad];
  };
  return { program: compile(valueAndGradient, { inputs: [{ shape: [dim] }], precision }), dim };
}

/**
 * Lines `[what, bits]` of everything: programs compiled here in both precisions, programs that came as bytes, and
 * that NUTS runs on them. (Its draws may differ: JavaScript leaves the last bits of Math.exp and Math.log to the engine.)
 * @param portable what `portablePrograms` gave, here or elsewhere
 */
export async function results(portable) {
  const lines = [];
  for (const [name, model] of Object.entries(models)) {
    for (const precision of ['float64', 'float32']) {
      const { program, dim } = compileDensity(model, precision);
      lines.push(...run(program, `${name} ${precision}`, dim));
      lines.push([`${name} ${precision} bytes of the program`, checksum(program.toBytes())]);
      program.dispose();
    }
  }
  for (const { name, dim, bytes } of portable) lines.push(...run(load(bytes), `${name} from bytes`, dim));
  const kernel = infer.NUTS(eightSchools, { fallback: 'error' });
  const draw = (chainMethod) =>
    infer
      .MCMC(kernel, { numWarmup: 50, numSamples: 20, numChains: 2, seed: 0, chainMethod, numWorkers: 2 })
      .run();
  const [{ samples }, inWorkers] = [await draw('sequential'), await draw('parallel')];
  const same = Object.entries(samples).every(
    ([site, { data }]) => bits(data) === bits(inWorkers.samples[site].data),
  );
  const notes = inWorkers.warnings.filter(({ kind }) => kind === 'notParallel').map(({ message }) => message);
  const draws = Object.entries(samples).map(
    ([site, { data }]) => `${site} ${data.filter(Number.isFinite).length}`,
  );
  return [
    ...lines,
    ['finite draws of NUTS', draws.join(', ')],
    ['chains in workers', `${same ? 'the same bits' : 'other bits'} as in sequence ${notes.join(' ')}`],
  ];
}
