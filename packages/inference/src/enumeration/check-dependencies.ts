/** Dependencies that enumeration cannot represent, as far as the order of the sites shows them. */
import type { PlateFrame, SampleSite, Trace } from '@pyro-ts/core';
import type { TracePair } from '../svi/trace-pair';
import { isSubset, ordinalOf, without } from './ordinal';

/** Elements of a sequential plate that differ: neither site can depend on the other. */
function areIndependent(a: readonly PlateFrame[], b: readonly PlateFrame[]): boolean {
  return a.some((frame) =>
    b.some((other) => other.name === frame.name && frame.index !== undefined && other.index !== frame.index),
  );
}

function suspectSites(role: string, trace: Trace, isEnumerated: (site: SampleSite) => boolean): string[] {
  const notes: string[] = [];
  const earlier: SampleSite[] = [];
  for (const site of trace.sampleSites) {
    const own = ordinalOf(site.condIndepStack);
    const suspects = earlier.filter((other) => {
      const inner = ordinalOf(other.condIndepStack);
      return (
        own.size < inner.size &&
        isSubset(own, inner) &&
        !areIndependent(site.condIndepStack, other.condIndepStack)
      );
    });
    if (suspects.length > 0) {
      const names = suspects.map(({ name }) => `'${name}'`).join(', ');
      const plates = new Set(
        suspects.flatMap(({ condIndepStack }) => [...without(ordinalOf(condIndepStack), own).keys()]),
      );
      notes.push(
        `possibly invalid dependency in the ${role}: site '${site.name}' comes after the enumerated ${names} and outside of ` +
          `plate ${[...plates].map((name) => `'${name}'`).join(', ')}; if it depends on them, the plate's elements are not independent.\n` +
          `  Fix: move '${site.name}' before ${names}, or into the plate.`,
      );
    }
    if (isEnumerated(site)) earlier.push(site);
  }
  return notes;
}

/** Pyro's check of the same name: a site outside of a plate that comes after an enumerated one inside. */
export function invalidDependencies({ model, guide }: TracePair): string[] {
  const inGuide = new Set(
    guide.latentSites.filter(({ infer }) => infer.enumerate !== undefined).map(({ name }) => name),
  );
  const isEnumerated = ({ name, enumeration, isObserved }: SampleSite): boolean =>
    !isObserved && (inGuide.has(name) || enumeration?.own !== undefined);
  return [...suspectSites('model', model, isEnumerated), ...suspectSites('guide', guide, isEnumerated)];
}
