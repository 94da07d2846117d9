/**
 * The file format around a program, or other data: magic, version, checksum, then a JSON part and a part of raw numbers.
 *
 *   0  8 bytes  magic, "pyrotsPG" for a program
 *   8  u32      format version
 *  12  u32      CRC-32 of everything after byte 24
 *  16  u32      length of the JSON part
 *  20  u32      length of the data part
 *  24  JSON (UTF-8), padded with spaces to a multiple of 8, then the data. Little-endian throughout.
 */
import { ProgramFormatError } from '../errors';

const headerBytes = 24;
export const formatVersion = 1;

/** What kind of file it is: eight characters and a version. */
export interface FileKind {
  readonly magic: string;
  readonly version: number;
}
const programFile: FileKind = { magic: 'pyrotsPG', version: formatVersion };

export interface Container {
  readonly json: unknown;
  readonly data: Uint8Array;
}

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

/** CRC-32 of IEEE 802.3, as in zip and PNG. */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = crcTable[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

export function pack({ json, data }: Container, { magic, version }: FileKind = programFile): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(json));
  const jsonBytes = Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(headerBytes + jsonBytes + data.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < magic.length; i++) bytes[i] = magic.charCodeAt(i);
  bytes.fill(0x20, headerBytes, headerBytes + jsonBytes);
  bytes.set(text, headerBytes);
  bytes.set(data, headerBytes + jsonBytes);
  view.setUint32(8, version, true);
  view.setUint32(12, crc32(bytes.subarray(headerBytes)), true);
  view.setUint32(16, jsonBytes, true);
  view.setUint32(20, data.length, true);
  return bytes;
}

/** @throws {ProgramFormatError} if the bytes are of another kind, of another version, cut off or changed */
export function unpack(bytes: Uint8Array, { magic, version: known }: FileKind = programFile): Container {
  const isOurs = bytes.length >= magic.length && [...magic].every((c, i) => bytes[i] === c.charCodeAt(0));
  if (!isOurs) throw new ProgramFormatError('foreign', `they do not begin with '${magic}'`);
  if (bytes.length < headerBytes) throw new ProgramFormatError('damaged', 'they end within the header');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = view.getUint32(8, true);
  if (version !== known)
    throw new ProgramFormatError('version', `they have format ${version}, and this is format ${known}`);
  const jsonBytes = view.getUint32(16, true);
  const length = headerBytes + jsonBytes + view.getUint32(20, true);
  if (bytes.length !== length)
    throw new ProgramFormatError('damaged', `there are ${bytes.length} instead of ${length} bytes`);
  if (crc32(bytes.subarray(headerBytes)) !== view.getUint32(12, true))
    throw new ProgramFormatError('damaged', 'their checksum is wrong');
  const text = new TextDecoder().decode(bytes.subarray(headerBytes, headerBytes + jsonBytes));
  try {
    return { json: JSON.parse(text) as unknown, data: bytes.slice(headerBytes + jsonBytes) };
  } catch {
    throw new ProgramFormatError('damaged', 'their description cannot be read');
  }
}
