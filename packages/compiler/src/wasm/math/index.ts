export { ConstantMemory } from './constant-memory';
export { F64x2, type MathEnvironment } from './f64x2';
export { ModuleMath, scalarMath } from './environment';
export { elementary, type ElementaryName } from './elementary';
