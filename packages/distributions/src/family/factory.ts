/** Callable factories: `Normal(0, 1)`, `Normal({ loc, scale })`, `Normal.inferShapes({ loc: [3] })`; all listed in `families`. */
import type { Shape } from '@pyro-ts/ops';
import type { Distribution } from '../distribution';
import { parseArguments, type CallOptions, type FamilyOptions } from './arguments';
import type { Flat, NamedArguments, ParamNames, Params, PositionalArguments } from './params';

/** Shapes that a call would have, known without data. */
export interface InferredShapes {
  readonly batchShape: Shape;
  readonly eventShape: Shape;
}

/** What every family knows of itself. */
export interface FamilyInfo<P extends Params = Params> {
  /** 'Normal', as in Pyro. */
  readonly familyName: string;
  readonly parameters: P;
  /** Textbook, paper or equation that the formulas follow. */
  readonly source: string;
  /** One sentence for the documentation. */
  readonly description: string;
}

export interface Factory<P extends Params, D extends Distribution> extends FamilyInfo<P> {
  /** In declared order; options last. */
  (...args: PositionalArguments<Flat<P>, CallOptions>): D;
  /** By name. */
  (named: NamedArguments<P>, options?: CallOptions): D;
  /**
   * Batch and event shape from the shapes of the parameters (settings and distributions are given as they are).
   * @throws {ShapeError} if they do not broadcast
   */
  inferShapes(shapes: { readonly [N in ParamNames<P>]?: unknown }): InferredShapes;
}

/** A factory whose parameter types are not known: what `families` holds. */
export interface AnyFactory extends FamilyInfo {
  (...args: readonly unknown[]): Distribution;
  inferShapes(shapes: Readonly<Record<string, unknown>>): InferredShapes;
}

export interface FactoryDeclaration<P extends Params, D extends Distribution> {
  readonly name: string;
  readonly description: string;
  readonly source: string;
  readonly params: P;
  readonly make: (values: Readonly<Record<string, unknown>>, options: FamilyOptions) => D;
  readonly inferShapes: (shapes: Readonly<Record<string, unknown>>) => InferredShapes;
}

const registry = new Map<string, AnyFactory>();

/** Every declared family and wrapper by name, in order of declaration. */
export const families: ReadonlyMap<string, AnyFactory> = registry;

/** Makes the callable and enters it in `families`. */
export function defineFactory<const P extends Params, D extends Distribution>(
  declaration: FactoryDeclaration<P, D>,
): Factory<P, D> {
  const { name, description, source, params, make, inferShapes } = declaration;
  const call = (...args: readonly unknown[]): D => {
    const { values, options } = parseArguments(name, params, args);
    return make(values, options);
  };
  const factory = Object.assign(call, {
    familyName: name,
    parameters: params,
    description,
    source,
    inferShapes,
  });
  Object.defineProperty(factory, 'name', { value: name });
  registry.set(name, factory);
  return factory;
}
