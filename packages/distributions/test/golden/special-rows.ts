/** special.json: scalar special functions, each point a row. */
import * as ops from '@pyro-ts/ops';
import { camel } from './build';
import { flatten, type Outcome } from './outcome';

export interface SpecialTable {
  readonly function: string;
  readonly args: readonly string[];
  readonly points: readonly (readonly number[])[];
  readonly conventions?: readonly { readonly args: readonly number[]; readonly value: number }[];
}

/** Relative bound of every function unless listed, and the absolute floor that results near a root of it need. */
const RELATIVE_BOUND = 1e-13;
const ABSOLUTE_FLOOR = 1e-15;

type Op = (...args: unknown[]) => ops.tf.Tensor;

/** Arguments that our functions take as plain numbers: their names in the table. */
const staticArguments = new Set(['n:polygamma', 'p:mvlgamma']);

/** Where our name is not the table's. */
const renamed: Readonly<Record<string, string>> = { i1e_over_i0e: 'besselRatio' };

function opNamed(name: string): Op | undefined {
  const table = { ...ops.tf, ...ops } as unknown as Record<string, Op | undefined>;
  const op = table[renamed[name] ?? camel(name)];
  return typeof op === 'function' ? op : undefined;
}

/** One call for all points; where an argument is static, one call per point. */
function evaluate(table: SpecialTable, op: Op, points: readonly (readonly number[])[]): number[] {
  const isStatic = table.args.map((arg) => staticArguments.has(`${arg}:${table.function}`));
  if (isStatic.includes(true)) {
    return points.flatMap((point) => {
      const args = table.args.map((_, i) => (isStatic[i] ? point[i] : ops.lift(point[i], 'float32')));
      return Array.from(op(...args).dataSync());
    });
  }
  const columns = table.args.map((_, i) =>
    ops.lift(
      points.map((point) => point[i]),
      'float32',
    ),
  );
  return Array.from(op(...columns).dataSync());
}

function isWithin(actual: number, expected: number): boolean {
  if (Object.is(actual, expected) || actual === expected) return true;
  const error = Math.abs(actual - expected);
  return Number.isFinite(error) && (error <= RELATIVE_BOUND * Math.abs(expected) || error <= ABSOLUTE_FLOOR);
}

export function runSpecial(table: SpecialTable): Outcome[] {
  const arity = table.args.length;
  const conventions = (table.conventions ?? []).map(({ args, value }) => [...args, value]);
  const points = [...table.points, ...conventions].map((point) => flatten(point));
  const identify = (i: number) => ({
    table: 'special',
    family: table.function,
    id: `${table.function}/${i}`,
  });
  const op = opNamed(table.function);
  if (op === undefined) {
    return points.map((_, i) => ({ ...identify(i), status: 'notImplemented', error: 0, failures: [] }));
  }
  let actual: number[];
  try {
    actual = ops.tf.tidy(() => evaluate(table, op, points) as never);
  } catch (error) {
    return points.map((_, i) => ({
      ...identify(i),
      status: 'failed',
      error: Infinity,
      failures: [String(error)],
    }));
  }
  return points.map((point, i): Outcome => {
    const expected = point[arity];
    const ok = isWithin(actual[i], expected);
    const scale = Math.abs(expected) > 1e-300 ? Math.abs(expected) : 1;
    const difference = Math.abs(actual[i] - expected);
    const error =
      actual[i] === expected || (Number.isNaN(actual[i]) && Number.isNaN(expected)) ? 0 : difference / scale;
    const failures = ok
      ? []
      : [`${table.function}(${point.slice(0, arity).join(', ')}) is ${actual[i]}, expected ${expected}`];
    return {
      ...identify(i),
      status: ok ? 'passed' : 'failed',
      error: Number.isNaN(error) ? Infinity : error,
      failures,
    };
  });
}
