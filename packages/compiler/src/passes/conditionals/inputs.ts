/** Inputs of bodies: which are needed, and which are constants that the bodies can have themselves. */
import type { Graph, ValueId } from '../../graph/graph';
import type { Rewriter } from '../../graph/rewriter';
import { deadCode } from '../dead-code';

/** Constants up to this many numbers are copied into each body that uses them. */
const largestSunk = 64;

export interface Operands {
  /** Values in the new graph. */
  readonly outer: readonly ValueId[];
  readonly bodies: readonly Graph[];
}

function isUsed({ nodes, outputs }: Graph, value: ValueId): boolean {
  return outputs.includes(value) || nodes.some(({ inputs }) => inputs.includes(value));
}

/**
 * Drops the operands from `first` on that no body uses, and gives small constants to the bodies.
 * @param outer what feeds the inputs of all bodies alike
 */
export function pruneOperands(
  outer: readonly ValueId[],
  bodies: readonly Graph[],
  rewriter: Rewriter,
  first = 0,
): Operands {
  const live = bodies.map((body) => deadCode.run(body));
  const constantOf = (i: number): ReturnType<Rewriter['constantOf']> => {
    const data = rewriter.constantOf(outer[i]);
    return data === undefined || data.length > largestSunk ? undefined : data;
  };
  const keeps = outer.map(
    (_, i) =>
      i < first || (constantOf(i) === undefined && live.some((body) => isUsed(body, body.inputs[i].value))),
  );
  if (keeps.every(Boolean)) return { outer, bodies: live };
  return {
    outer: outer.filter((_, i) => keeps[i]),
    bodies: live.map((body) => {
      const constants = new Map(body.constants);
      body.inputs.forEach(({ value }, i) => {
        const data = keeps[i] || !isUsed(body, value) ? undefined : constantOf(i);
        if (data !== undefined) constants.set(value, data);
      });
      return { ...body, constants, inputs: body.inputs.filter((_, i) => keeps[i]) };
    }),
  };
}
