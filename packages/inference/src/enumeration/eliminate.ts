/** Variable elimination: sums variables out of a product of factors, one after the other. */
import type { EnumeratedVariable } from '@pyro-ts/core';
import { product, sumOver, variablesOf, type Factor, type Reduction } from './factor';
import { Heap } from './heap';

/**
 * Which factors a variable is in, and which variables it shares them with. All counts are kept up to date factor by factor,
 * so that a step costs what it touches, and a chain of length T takes time linear in T (times the queue's log T).
 */
class Interaction {
  private readonly factors = new Map<EnumeratedVariable, Set<Factor>>();
  private readonly shared = new Map<EnumeratedVariable, Map<EnumeratedVariable, number>>();
  /** log of the number of joint values of a variable's neighbours: the size of the factor that its sum leaves behind. */
  private readonly costs = new Map<EnumeratedVariable, number>();

  constructor(private readonly onChange: (variable: EnumeratedVariable, cost: number) => void) {}

  factorsOf(variable: EnumeratedVariable): readonly Factor[] {
    return [...(this.factors.get(variable) ?? [])];
  }

  costOf(variable: EnumeratedVariable): number {
    return this.costs.get(variable) ?? 0;
  }

  add(factor: Factor): void {
    const variables = variablesOf(factor);
    for (const v of variables) {
      const own = this.factors.get(v) ?? new Set<Factor>();
      this.factors.set(v, own.add(factor));
      const neighbours = this.shared.get(v) ?? new Map<EnumeratedVariable, number>();
      this.shared.set(v, neighbours);
      for (const other of variables) {
        if (other === v) continue;
        const count = neighbours.get(other) ?? 0;
        neighbours.set(other, count + 1);
        if (count === 0) this.change(v, Math.log(other.size));
      }
    }
  }

  remove(factor: Factor): void {
    const variables = variablesOf(factor);
    for (const v of variables) {
      this.factors.get(v)?.delete(factor);
      const neighbours = this.shared.get(v) as Map<EnumeratedVariable, number>;
      for (const other of variables) {
        if (other === v) continue;
        const count = (neighbours.get(other) as number) - 1;
        if (count > 0) neighbours.set(other, count);
        else {
          neighbours.delete(other);
          this.change(v, -Math.log(other.size));
        }
      }
    }
  }

  private change(variable: EnumeratedVariable, by: number): void {
    const neighbours = this.shared.get(variable) as Map<EnumeratedVariable, number>;
    // Sums of logarithms leave dust behind; nothing left is exactly 0.
    const cost = neighbours.size === 0 ? 0 : Math.round((this.costOf(variable) + by) * 2 ** 32) / 2 ** 32;
    this.costs.set(variable, cost);
    this.onChange(variable, cost);
  }
}

/**
 * Σ over `variables` of the product of `factors`, as a product of the factors left. The order is greedy: next comes the
 * variable whose sum leaves the smallest factor behind, the first one in the model among equals.
 * @param reduce what is done instead of a sum over the values of a variable
 */
export function eliminate(
  factors: readonly Factor[],
  variables: ReadonlySet<EnumeratedVariable>,
  reduce: Reduction = sumOver,
): readonly Factor[] {
  const left = new Set(factors);
  const queue = new Heap<EnumeratedVariable>();
  const ranks = new Map([...variables].map((variable, i) => [variable, i]));
  const interaction = new Interaction((variable, cost) => {
    const rank = ranks.get(variable);
    if (rank !== undefined) queue.push(variable, cost, rank);
  });
  for (const factor of factors) interaction.add(factor);
  for (const [variable, rank] of ranks) queue.push(variable, interaction.costOf(variable), rank);
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const { item: variable, priority } = next;
    if (!ranks.has(variable) || priority !== interaction.costOf(variable)) continue;
    ranks.delete(variable);
    const own = interaction.factorsOf(variable);
    if (own.length === 0) continue;
    const sum = reduce(product(own), variable);
    for (const factor of own) {
      interaction.remove(factor);
      left.delete(factor);
    }
    interaction.add(sum);
    left.add(sum);
  }
  return [...left];
}
