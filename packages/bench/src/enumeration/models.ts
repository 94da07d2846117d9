/** A Gaussian hidden Markov model of two states, written as a loop and as a scan. */
import { dist, indexing, lift, markov, plate, range, sample, scan, type Model, type tf } from 'pyro-ts';

interface Parameters {
  /** [2, 2], a row for the state before. */
  readonly transition: tf.Tensor;
  readonly locs: tf.Tensor;
}

const parameters = (): Parameters =>
  plate('states', 2, () => ({
    transition: sample('transition', dist.Dirichlet([1, 1])),
    locs: sample('locs', dist.Normal(0, 2)),
  }));

const observations = (length: number): Float64Array =>
  Float64Array.from({ length }, (_, t) => Math.sign(Math.sin(t / 5)) + Math.sin(1.7 * t));

const state = (name: string, { transition }: Parameters, before: tf.Tensor): tf.Tensor =>
  sample(name, dist.Categorical(indexing.vindex(transition, [before, ':'])));

const emission = (name: string, { locs }: Parameters, z: tf.Tensor, obs: tf.Tensor | number): tf.Tensor =>
  sample(name, dist.Normal(locs.gather(z), 1), { obs });

export function loopModel(length: number): Model<[]> {
  const y = observations(length);
  return () => {
    const given = parameters();
    let z: tf.Tensor = lift(0, 'int32');
    for (const t of markov(range(length))) {
      z = state(`z_${t}`, given, z);
      emission(`y_${t}`, given, z, y[t]);
    }
  };
}

export function scanModel(length: number): Model<[]> {
  const y = observations(length);
  return () => {
    const given = parameters();
    const step = (before: tf.Tensor, x: tf.Tensor): readonly [tf.Tensor, []] => {
      const z = state('z', given, before);
      emission('y', given, z, x);
      return [z, []];
    };
    scan(step, lift(0, 'int32'), lift(y));
  };
}
