/** Constants of modules, with their values: numbers in place, arrays as tables. */
import type { Table } from '../../src/wasm/scalar/code';
import { number, type Abstract, type Shape } from './values';

type Constant = number | string | boolean | readonly Constant[] | { readonly [name: string]: Constant };

/** Strings stand for choices; each has a number. */
const choices = new Map<string, number>();

export function choice(text: string): number {
  let code = choices.get(text);
  if (code === undefined) choices.set(text, (code = choices.size + 1));
  return code;
}

function shapeOfConstant(value: Constant): Shape {
  if (Array.isArray(value)) return { kind: 'array', element: shapeOfConstant(value[0] as Constant) };
  if (typeof value !== 'object') return { kind: 'number' };
  return {
    kind: 'record',
    fields: Object.entries(value).map(([name, field]) => [name, shapeOfConstant(field)]),
  };
}

/** Rows stay rows; records become their doubles. */
function tableOf(value: Constant): (number | Table)[] {
  if (Array.isArray(value)) return [value.flatMap((item) => tableOf(item as Constant))];
  if (typeof value === 'object') return Object.values(value).flatMap((field) => tableOf(field));
  return [Number(value)];
}

export class Constants {
  readonly tables = new Map<string, Table>();

  valueOf(name: string, value: unknown): Abstract {
    const constant = value as Constant;
    if (typeof constant === 'number') return number(constant);
    if (typeof constant === 'string') return number(choice(constant));
    if (Array.isArray(constant)) {
      this.tables.set(name, tableOf(constant)[0] as Table);
      const element = shapeOfConstant(constant[0] as Constant);
      return { kind: 'array', address: ['table', name], length: constant.length, element };
    }
    const fields = Object.entries(constant).map(
      ([field, item]) => [field, this.valueOf(`${name}.${field}`, item)] as const,
    );
    return { kind: 'record', fields: new Map(fields) };
  }
}
