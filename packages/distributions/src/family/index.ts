/** The mechanism that turns declarations into families. */
export { defineFamily, type Draw, type FamilyDeclaration, type FamilyInstance } from './family';
export { defineFactory, families, type AnyFactory, type Factory, type InferredShapes } from './factory';
export type { FamilyOptions } from './arguments';
export {
  defaulted,
  distribution,
  oneOf,
  optional,
  param,
  setting,
  type Alternatives,
  type NamedArguments,
  type Param,
  type Params,
  type ParamView,
} from './params';
export { checkPostponed, postponeChecks } from './postponed';
export { describeOffender } from './check';
export { enableValidation, validationEnabled, withinSupport } from './settings';
