/** What expressions stand for while functions are translated: numbers, records and arrays, taken apart into doubles. */
import type { Code } from '../../src/wasm/scalar/code';

export type Abstract =
  | { readonly kind: 'number'; readonly code: Code }
  | { readonly kind: 'condition'; readonly code: Code }
  | { readonly kind: 'record'; readonly fields: ReadonlyMap<string, Abstract> }
  /** Its address, its length, and what its elements are. */
  | { readonly kind: 'array'; readonly address: Code; readonly length: Code; readonly element: Shape };

export type Shape =
  | { readonly kind: 'number' }
  | { readonly kind: 'record'; readonly fields: readonly (readonly [string, Shape])[] }
  | { readonly kind: 'array'; readonly element: Shape };

export const number = (code: Code): Abstract => ({ kind: 'number', code });

/** The doubles of a value in order. */
export function leaves(value: Abstract): Code[] {
  switch (value.kind) {
    case 'number':
      return [value.code];
    case 'condition':
      return [['f64.convert_i32_s', value.code]];
    case 'record':
      return [...value.fields.values()].flatMap(leaves);
    case 'array':
      return [value.address, value.length];
  }
}

export function shapeOf(value: Abstract): Shape {
  switch (value.kind) {
    case 'number':
    case 'condition':
      return { kind: 'number' };
    case 'record':
      return { kind: 'record', fields: [...value.fields].map(([name, field]) => [name, shapeOf(field)]) };
    case 'array':
      return { kind: 'array', element: value.element };
  }
}

export function sizeOfShape(shape: Shape): number {
  switch (shape.kind) {
    case 'number':
      return 1;
    case 'record':
      return shape.fields.reduce((sum, [, field]) => sum + sizeOfShape(field), 0);
    case 'array':
      return 2;
  }
}

/** A value of a shape from its doubles. */
export function assemble(shape: Shape, codes: readonly Code[]): Abstract {
  switch (shape.kind) {
    case 'number':
      return number(codes[0]);
    case 'array':
      return { kind: 'array', address: codes[0], length: codes[1], element: shape.element };
    case 'record': {
      const fields = new Map<string, Abstract>();
      let at = 0;
      for (const [name, field] of shape.fields) {
        const size = sizeOfShape(field);
        fields.set(name, assemble(field, codes.slice(at, (at += size))));
      }
      return { kind: 'record', fields };
    }
  }
}
