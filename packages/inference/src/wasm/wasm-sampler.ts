/** NUTS and HMC in the memory of a compiled density: transitions of the samplers in JavaScript, bit for bit. */
import type { WasmProgram } from '@pyro-ts/compiler';
import { leapfrogSteps, type HmcOptions } from '../hmc/trajectory-length';
import type { Sampler, Transition } from '../hmc/sampler';
import { initState, type HmcParameters, type HmcState } from '../integrators/phase-point';
import type { HeldLogDensity } from '../log-density/model-log-density';
import { maxRank } from '../metrics/low-rank';
import type { Metric } from '../metrics/metric';
import type { RandomAddress } from '../random/random-source';
import type { WasmMetricKind } from './layout';
import { writeMetric } from './metric-data';
import { linkSampler, type NamedCode, type SamplerModule } from './sampler-module';
import { SamplerViews } from './sampler-views';

/** A density that a sampler can be linked to. */
export interface LinkedDensity extends HeldLogDensity {
  readonly program: WasmProgram;
}

/** Whether the density is a program in float64, so that a sampler can run beside it. */
export function isLinkable(target: HeldLogDensity): target is LinkedDensity {
  return target.program?.compiled.precision === 'float64';
}

/** One transition of a module. */
type Move = (module: SamplerModule, parameters: HmcParameters) => void;

/** A module with what it knows of the chain that it is at. */
class LinkedSampler {
  private views: SamplerViews;
  private state: HmcState | undefined;
  private metric: Metric | undefined;

  constructor(readonly module: SamplerModule & { readonly code: NamedCode }) {
    this.views = new SamplerViews(module);
  }

  step(move: Move, address: RandomAddress, state: HmcState, parameters: HmcParameters): Transition {
    const { module } = this;
    const views = this.prepare(address, state, parameters);
    move(module, parameters);
    const { info } = views.look();
    this.state = views.takeState();
    return { state: this.state, info: { ...info } };
  }

  /** Nothing is allocated from one transition to the next; the state stays in the module's memory. */
  advance(
    move: Move,
    first: RandomAddress,
    state: HmcState,
    parameters: HmcParameters,
    visit: (transition: Transition) => boolean,
  ): HmcState {
    const { module } = this;
    const views = this.prepare(first, state, parameters);
    for (let [, , , , iteration] = first; ; iteration++) {
      views.iteration = iteration;
      move(module, parameters);
      if (!visit(views.look())) break;
    }
    return (this.state = views.takeState());
  }

  /** Puts into the module's memory what is not there from the last transition. */
  private prepare(
    address: RandomAddress,
    state: HmcState,
    { stepSize, metric }: HmcParameters,
  ): SamplerViews {
    const { module } = this;
    if (this.views.areDetached) this.views = new SamplerViews(module);
    const { views } = this;
    if (this.metric !== metric) writeMetric(module.memory, module.layout, metric);
    this.metric = metric;
    if (this.state !== state) views.writeState(state);
    // Known again when the transitions are through: one that throws leaves something else there.
    this.state = undefined;
    views.begin(stepSize, address);
    return views;
  }
}

/** The samplers linked to a density, by metric and depth: they serve all its chains, one after the other. */
const linked = new WeakMap<WasmProgram, Map<string, LinkedSampler>>();

function samplerOf(target: LinkedDensity, kind: WasmMetricKind, maxTreeDepth: number): LinkedSampler {
  const { program, dim } = target;
  let known = linked.get(program);
  if (known === undefined) linked.set(program, (known = new Map<string, LinkedSampler>()));
  const key = `${kind} ${maxTreeDepth}`;
  let sampler = known.get(key);
  if (sampler === undefined) {
    sampler = new LinkedSampler(linkSampler(program, { dim, kind, maxTreeDepth, maxRank: maxRank(dim) }));
    known.set(key, sampler);
  }
  return sampler;
}

/** What a density's sampler is linked from, for threads that need not write it again. */
export const codeOf = (target: LinkedDensity, kind: WasmMetricKind, maxTreeDepth: number): NamedCode =>
  samplerOf(target, kind, maxTreeDepth).module.code;

/** Steps in WebAssembly where it can: the metric has code there, and the random numbers are those of an address. */
function linkedOr(target: LinkedDensity, oracle: Sampler, maxTreeDepth: number, move: Move): Sampler {
  let last: { readonly kind: WasmMetricKind; readonly sampler: LinkedSampler } | undefined;
  const linkedTo = ({ metric: { kind } }: HmcParameters): LinkedSampler | undefined => {
    if (kind === 'blocks') return undefined;
    if (last?.kind !== kind) last = { kind, sampler: samplerOf(target, kind, maxTreeDepth) };
    return last.sampler;
  };
  return {
    init: (position) => initState(target, position),
    step(random, state, parameters) {
      const { address } = random;
      const sampler = address === undefined ? undefined : linkedTo(parameters);
      if (address === undefined || sampler === undefined) return oracle.step(random, state, parameters);
      return sampler.step(move, address, state, parameters);
    },
    advance: (first, state, parameters, visit) =>
      linkedTo(parameters)?.advance(move, first, state, parameters, visit),
  };
}

/** @param oracle the same sampler in JavaScript */
export const linkedNuts = (target: LinkedDensity, oracle: Sampler, maxTreeDepth: number): Sampler =>
  linkedOr(target, oracle, maxTreeDepth, (module) => module.nuts(maxTreeDepth));

/** @param oracle the same sampler in JavaScript */
export const linkedHmc = (target: LinkedDensity, oracle: Sampler, options: HmcOptions): Sampler =>
  linkedOr(target, oracle, 1, (module, { stepSize }) => module.hmc(leapfrogSteps(options, stepSize)));
