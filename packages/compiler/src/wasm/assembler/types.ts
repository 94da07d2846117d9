/** Value types of WebAssembly and their codes in the binary format. */

export type ValType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128';

export const valTypeCodes: Readonly<Record<ValType, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
};

/** Parameter and result types of a function. At most one result: nothing here needs more. */
export interface Signature {
  readonly params: readonly ValType[];
  readonly result: ValType | null;
}
