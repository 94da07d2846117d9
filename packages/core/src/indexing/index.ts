/** `indexing.*`: advanced indexing that broadcasts as enumeration needs it. */
export { vindex, type Index } from './vindex';
