/** Values of discrete sites given everything else: sums inwards to outwards, choices outwards to inwards. */
import { indexing, type EnumeratedVariable, type SampleSite } from '@pyro-ts/core';
import { Categorical } from '@pyro-ts/distributions';
import { lift, tf } from '@pyro-ts/ops';
import { bySite, refuseImpossible, type DiscreteLatent, type EnumeratedRun } from './enumerated-run';
import { aligned, isVariable, maxOver, sumOver, type Dim, type Factor } from './factor';
import { ordinalOf } from './ordinal';
import { toBatch } from './site-batch';
import { sumProduct } from './sum-product';

/** 1: a draw from the posterior; 0: its mode. */
export type Temperature = 0 | 1;

/** A variable as it was taken out, with the product of the factors that it was in. */
interface Step {
  readonly variable: EnumeratedVariable;
  readonly factor: Factor;
}

/** Which of its values a variable has: int32 over its plates. */
type Choices = Map<EnumeratedVariable, Factor>;

/**
 * A joint value of the discrete sites: for an HMM forward filtering and backward sampling, or Viterbi's algorithm.
 * @returns site → value, of the site's shape without enumeration
 */
export function chooseBackward(run: EnumeratedRun, temperature: Temperature): Record<string, tf.Tensor> {
  const latents = run.sites.flatMap((site) => site.latents);
  const owners = new Map(latents.map(({ site, variable }) => [variable, site]));
  const choices: Choices = new Map();
  for (const component of run.components) {
    const steps: Step[] = [];
    const reduce = temperature === 0 ? maxOver : sumOver;
    const left = sumProduct(
      component.map(({ factor }) => factor),
      new Set(),
      (factor, variable) => {
        steps.push({ factor, variable });
        return reduce(factor, variable);
      },
    );
    refuseImpossible(component, left);
    for (const { factor, variable } of steps.reverse()) {
      const logits = conditioned(factor, variable, choices);
      const site = owners.get(variable) as SampleSite;
      const tensor = temperature === 0 ? tf.argMax(logits, -1) : draw(logits, site);
      choices.set(variable, { tensor, dims: platesOf(variable).map(([name]) => name) });
    }
  }
  return bySite(run, (latent) => valueOf(latent, choices));
}

const platesOf = ({ condIndepStack }: EnumeratedVariable): [string, number][] => [
  ...ordinalOf(condIndepStack),
];

function draw(logits: tf.Tensor, { key }: SampleSite): tf.Tensor {
  return Categorical({ logits }).sample([], key === undefined ? {} : { key });
}

/** The factor at what was chosen for its other variables: [...plates of the variable, size]. */
function conditioned(
  factor: Factor,
  variable: EnumeratedVariable,
  choices: ReadonlyMap<EnumeratedVariable, Factor>,
): tf.Tensor {
  const plates = platesOf(variable);
  const names = plates.map(([name]) => name);
  const shape = [...plates.map(([, size]) => size), variable.size];
  const isGiven = (dim: Dim): boolean => isVariable(dim) && dim !== variable;
  if (!factor.dims.some(isGiven)) return tf.broadcastTo(aligned(factor, [...names, variable]), shape);
  const positions = (dim: Dim, size: number): indexing.Index => {
    if (dim === variable) return ':';
    const along = isVariable(dim) ? (choices.get(dim) as Factor) : { tensor: count(size), dims: [dim] };
    return aligned(along, names);
  };
  const { tensor, dims } = factor;
  const rows = indexing.vindex(
    tensor,
    dims.map((dim, i) => positions(dim, tensor.shape[i])),
  );
  return tf.broadcastTo(rows, shape);
}

const count = (size: number): tf.Tensor =>
  lift(
    Array.from({ length: size }, (_, i) => i),
    'int32',
  );

/** The values that were chosen, from the list of all. */
function valueOf(own: DiscreteLatent, choices: Choices): tf.Tensor {
  const { fn } = own.site;
  const values = tf.reshape(fn.enumerateSupport({ expand: false }), [own.variable.size, ...fn.eventShape]);
  // A site with a single value is in no factor.
  const only = { tensor: lift(0, 'int32'), dims: [] };
  return tf.gather(values, tf.cast(toBatch(own, choices.get(own.variable) ?? only), 'int32'));
}
