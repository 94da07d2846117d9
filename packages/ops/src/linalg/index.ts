export { diag, diagPart, eye, matrixDiag, outer, tril, triu } from './diagonal';
export {
  cholesky,
  choleskyInverse,
  choleskyLogDet,
  choleskySolve,
  det,
  inverse,
  logdet,
  slogdet,
  triangularSolve,
  type TriangularSolveOptions,
} from './factorisations';
export { trilIndices, trilToVec, vecToTril, type TriangleOptions } from './triangle-vector';
