/** Data that can be cloned to a worker and written to a file: numbers, text, arrays of doubles, and lists and records of them. */
export type PlainData =
  number | string | boolean | Float64Array | readonly PlainData[] | { readonly [name: string]: PlainData };
