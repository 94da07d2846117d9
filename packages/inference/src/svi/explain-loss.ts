/** Why a loss is not a number. */
import { supplyParams } from './supply-params';
import { isDensitySite, siteLogProb, withoutValidation, type Model, type Trace } from '@pyro-ts/core';
import { lift, scoped, type NdArray } from '@pyro-ts/ops';
import { segmentsOf, pack, unpackTensor, type ParamValues } from './params';
import { tracePair } from './trace-pair';

function badTerms(trace: Trace, whose: string): string[] {
  return [...trace.sites.values()].filter(isDensitySite).flatMap((site) => {
    const bad = siteLogProb(site)
      .dataSync()
      .find((term) => !Number.isFinite(term));
    if (bad === undefined) return [];
    const kind = site.kind === 'factor' ? 'factor' : `${site.isObserved ? 'observed ' : ''}${site.fn.family}`;
    return [`${whose} site '${site.name}' (${kind}) has log density ${bad}`];
  });
}

/** Sites of the step's first particle whose log density is not finite, as lines; says so if there are none. */
export function explainLoss<Args extends unknown[]>(
  run: { readonly model: Model<Args>; readonly guide: Model<Args>; readonly args: Args },
  params: ParamValues,
  key: NdArray,
): string {
  const lines = scoped(() =>
    withoutValidation(() => {
      const tensors = unpackTensor(lift(pack(params)), segmentsOf(params));
      const { model, guide } = tracePair(
        { key, stream: [0, 0] },
        supplyParams(run.model, tensors),
        supplyParams(run.guide, tensors),
        run.args,
      );
      return [...badTerms(guide, 'guide'), ...badTerms(model, 'model')];
    }),
  );
  return lines.length === 0 ? 'every site has a finite log density; its gradient has not' : lines.join('; ');
}
