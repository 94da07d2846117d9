/** Plain data as bytes: the container of compiled programs under another name, with a version and a checksum. */
import { pack, ProgramFormatError, unpack, type FileKind } from '@pyro-ts/compiler';
import { CheckpointError } from '../../errors';
import type { PlainData } from '../../plain-data';

const kind: FileKind = { magic: 'pyrotsCP', version: 1 };

/** Numbers that JSON cannot write. */
const special: Readonly<Record<string, number>> = { NaN, Infinity, '-Infinity': -Infinity, '-0': -0 };

function nameOf(x: number): string | undefined {
  if (Object.is(x, -0)) return '-0';
  return Number.isFinite(x) ? undefined : String(x);
}

/** Arrays of doubles go to the data part, and leave their place and length here. */
function toJson(value: PlainData | undefined, arrays: Float64Array[], begin: { at: number }): unknown {
  if (typeof value === 'number') {
    const name = nameOf(value);
    return name === undefined ? value : { $number: name };
  }
  if (typeof value !== 'object') return value;
  if (value instanceof Float64Array) {
    arrays.push(value);
    const json = { $doubles: [begin.at, value.length] };
    begin.at += value.length;
    return json;
  }
  if (Array.isArray(value)) return value.map((item: PlainData) => toJson(item, arrays, begin));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, toJson(item, arrays, begin)]));
}

function fromJson(json: unknown, doubles: Float64Array): PlainData {
  if (typeof json !== 'object' || json === null) return json as PlainData;
  if (Array.isArray(json)) return json.map((item) => fromJson(item, doubles));
  const { $number, $doubles } = json as { $number?: string; $doubles?: [number, number] };
  if ($number !== undefined) return special[$number];
  if ($doubles !== undefined) return doubles.slice($doubles[0], $doubles[0] + $doubles[1]);
  return Object.fromEntries(Object.entries(json).map(([name, item]) => [name, fromJson(item, doubles)]));
}

export function encode(value: PlainData): Uint8Array {
  const arrays: Float64Array[] = [];
  const begin = { at: 0 };
  const json = toJson(value, arrays, begin);
  const doubles = new Float64Array(begin.at);
  let offset = 0;
  for (const array of arrays) {
    doubles.set(array, offset);
    offset += array.length;
  }
  return pack({ json, data: new Uint8Array(doubles.buffer) }, kind);
}

/** @throws {CheckpointError} if the bytes are foreign, damaged, or of another version */
export function decode(bytes: Uint8Array, name: string): PlainData {
  try {
    const { json, data } = unpack(bytes, kind);
    return fromJson(json, new Float64Array(data.buffer, data.byteOffset, data.length / 8));
  } catch (error) {
    if (!(error instanceof ProgramFormatError)) throw error;
    throw refusal[error.reason](name);
  }
}

const elsewhere = 'remove it to begin anew, or pass another path.';
const refusal = {
  foreign: (name: string) => new CheckpointError(`${name} is not a checkpoint`, `${elsewhere}`),
  version: (name: string) =>
    new CheckpointError(
      `${name} was written by another version of pyro-ts`,
      `go on with that version, or ${elsewhere}`,
    ),
  damaged: (name: string) =>
    new CheckpointError(
      `${name} is damaged: it is cut off, or its checksum is wrong`,
      `take a copy of it if you have one, or ${elsewhere}`,
    ),
} as const;
