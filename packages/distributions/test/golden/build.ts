/** Distributions and transforms from their descriptions in the tables. */
import type { tf } from '@pyro-ts/ops';
import { constraints, families, type Constraint, type Distribution, type Transform } from '../../src';
import { transformOfRow } from '../transform-rows';
import { NotImplemented } from './outcome';

export interface Spec {
  readonly dist: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** Tensors that take the place of a row's numbers, by path ('base_dist.loc'), to be differentiated. */
export type Overrides = ReadonlyMap<string, tf.Tensor>;

export const camel = (name: string): string =>
  name.replace(/_([a-z0-9])/g, (_, c: string) => c.toUpperCase());

const isSpec = (x: unknown): x is Spec => typeof x === 'object' && x !== null && 'dist' in x;

function constraintNamed(name: string): Constraint {
  const entry = (constraints as unknown as Record<string, Constraint | undefined>)[camel(name)];
  if (entry === undefined || typeof entry === 'function') throw new NotImplemented(`constraint ${name}`);
  return entry;
}

function transformFrom(spec: Spec, overrides: Overrides, path: string): Transform {
  const params = Object.fromEntries(
    Object.entries(spec.params ?? {}).map(([name, value]) => [
      name,
      overrides.get(`${path}${name}`) ?? value,
    ]),
  );
  const made = transformOfRow({ transform: spec.dist, params }, (inner) => distributionFrom(inner));
  if (made === undefined) throw new NotImplemented(`transform ${spec.dist}`);
  return made;
}

/** A parameter of a row as an argument: numbers, nested distributions, lists of either, transforms, constraints. */
function argument(family: string, name: string, value: unknown, overrides: Overrides, path: string): unknown {
  if (isSpec(value)) {
    return value.dist.endsWith('Transform')
      ? transformFrom(value, overrides, `${path}.`)
      : distributionFrom(value, overrides, `${path}.`);
  }
  if (Array.isArray(value) && value.length > 0 && value.some(isSpec)) {
    return value.map((item, i) => argument(family, name, item, overrides, `${path}.${i}`));
  }
  if (typeof value === 'string' && name === 'support') return constraintNamed(value);
  return overrides.get(path) ?? value;
}

/**
 * @throws {NotImplemented} if the family, or one inside it, is not in the registry
 */
export function distributionFrom(spec: Spec, overrides: Overrides = new Map(), path = ''): Distribution {
  const factory = families.get(spec.dist);
  if (factory === undefined) throw new NotImplemented(`distribution ${spec.dist}`);
  const args = Object.entries(spec.params ?? {}).map(
    ([name, value]) => [camel(name), argument(spec.dist, name, value, overrides, path + name)] as const,
  );
  return factory(Object.fromEntries(args));
}

/** The numbers at a path of a row's parameters: `base_dist.loc`, `transforms.1.scale`. */
export function numbersAt(params: Readonly<Record<string, unknown>>, path: string): unknown {
  return path.split('.').reduce<unknown>((at, key) => {
    const inner = isSpec(at) ? at.params : at;
    return (inner as Readonly<Record<string, unknown>> | undefined)?.[key];
  }, params);
}
