/**
 * The instructions that the compiler emits: opcode, operand types, result type, kind of immediate.
 * Codes above 0xff are a prefix byte (0xfc numeric, 0xfd vector) and a LEB128 number.
 * Numbers: WebAssembly Core Specification 2.0, chapter 5.4; relaxed SIMD proposal, phase 4.
 */
import type { ValType } from './types';

export type Immediate = 'none' | 'memory' | 'lane' | 'memory-lane' | 'shuffle' | 'global';

export interface Instruction {
  readonly name: string;
  /** The opcode after the prefix. */
  readonly code: number;
  readonly prefix: 0 | 0xfc | 0xfd;
  readonly operands: readonly ValType[];
  readonly result: ValType | null;
  readonly immediate: Immediate;
  /** Natural alignment (power of two) of memory instructions. */
  readonly align: number;
}

type Codes = Readonly<Record<string, number>>;
type Row<K extends string> = Readonly<Record<K, Instruction>>;

const letters: Readonly<Record<string, ValType>> = { i: 'i32', l: 'i64', f: 'f32', d: 'f64', v: 'v128' };

/** `signature` is operands:result in the letters i (i32), l (i64), f (f32), d (f64), v (v128). */
function rows<C extends Codes>(
  prefix: 0 | 0xfc | 0xfd,
  signature: string,
  codes: C,
  immediate: Immediate = 'none',
  align = 0,
): Row<keyof C & string> {
  const [operands, result] = signature.split(':');
  const types = [...operands].map((c) => letters[c]);
  const table: Record<string, Instruction> = {};
  for (const [name, code] of Object.entries(codes)) {
    table[name] = { name, code, prefix, operands: types, result: letters[result] ?? null, immediate, align };
  }
  return table as Row<keyof C & string>;
}

export const instructions = {
  ...rows(0, 'ii:i', {
    'i32.eq': 0x46, 'i32.ne': 0x47, 'i32.lt_s': 0x48, 'i32.lt_u': 0x49, 'i32.gt_s': 0x4a, 'i32.gt_u': 0x4b,
    'i32.le_s': 0x4c, 'i32.le_u': 0x4d, 'i32.ge_s': 0x4e, 'i32.ge_u': 0x4f, 'i32.add': 0x6a, 'i32.sub': 0x6b,
    'i32.mul': 0x6c, 'i32.div_s': 0x6d, 'i32.div_u': 0x6e, 'i32.rem_s': 0x6f, 'i32.rem_u': 0x70,
    'i32.and': 0x71, 'i32.or': 0x72, 'i32.xor': 0x73, 'i32.shl': 0x74, 'i32.shr_s': 0x75, 'i32.shr_u': 0x76,
    'i32.rotl': 0x77,
  }), // prettier-ignore
  ...rows(0, 'i:i', { 'i32.eqz': 0x45, 'i32.clz': 0x67, 'i32.ctz': 0x68 }),
  ...rows(0, 'll:l', {
    'i64.add': 0x7c, 'i64.sub': 0x7d, 'i64.mul': 0x7e, 'i64.and': 0x83, 'i64.or': 0x84, 'i64.xor': 0x85,
    'i64.shl': 0x86, 'i64.shr_s': 0x87, 'i64.shr_u': 0x88,
  }), // prettier-ignore
  ...rows(0, 'll:i', { 'i64.eq': 0x51 }),
  ...rows(0, 'l:i', { 'i32.wrap_i64': 0xa7 }),
  ...rows(0, 'i:l', { 'i64.extend_i32_s': 0xac, 'i64.extend_i32_u': 0xad }),
  ...rows(0, 'dd:d', {
    'f64.add': 0xa0, 'f64.sub': 0xa1, 'f64.mul': 0xa2, 'f64.div': 0xa3, 'f64.min': 0xa4, 'f64.max': 0xa5,
    'f64.copysign': 0xa6,
  }), // prettier-ignore
  ...rows(0, 'dd:i', {
    'f64.eq': 0x61, 'f64.ne': 0x62, 'f64.lt': 0x63, 'f64.gt': 0x64, 'f64.le': 0x65, 'f64.ge': 0x66,
  }), // prettier-ignore
  ...rows(0, 'd:d', {
    'f64.abs': 0x99, 'f64.neg': 0x9a, 'f64.ceil': 0x9b, 'f64.floor': 0x9c, 'f64.trunc': 0x9d,
    'f64.nearest': 0x9e, 'f64.sqrt': 0x9f,
  }), // prettier-ignore
  ...rows(0, 'ff:f', { 'f32.add': 0x92, 'f32.sub': 0x93, 'f32.mul': 0x94, 'f32.div': 0x95 }),
  ...rows(0, 'ff:i', { 'f32.lt': 0x5d, 'f32.gt': 0x5e, 'f32.eq': 0x5b }),
  ...rows(0, 'i:d', { 'f64.convert_i32_s': 0xb7, 'f64.convert_i32_u': 0xb8 }),
  ...rows(0, 'l:d', { 'f64.reinterpret_i64': 0xbf }),
  ...rows(0, 'd:l', { 'i64.reinterpret_f64': 0xbd }),
  ...rows(0, 'f:d', { 'f64.promote_f32': 0xbb }),
  ...rows(0, 'd:f', { 'f32.demote_f64': 0xb6 }),
  ...rows(0xfc, 'd:i', { 'i32.trunc_sat_f64_s': 2, 'i32.trunc_sat_f64_u': 3 }),
  ...rows(0, ':d', { 'global.get': 0x23 }, 'global'),
  ...rows(0, 'd:', { 'global.set': 0x24 }, 'global'),
  ...rows(0, 'ddi:d', { 'select.f64': 0x1b }),
  ...rows(0, 'iii:i', { 'select.i32': 0x1b }),
  ...rows(0, 'vvi:v', { 'select.v128': 0x1b }),

  ...rows(0, 'i:i', { 'i32.load': 0x28 }, 'memory', 2),
  ...rows(0, 'i:i', { 'i32.load8_u': 0x2d }, 'memory', 0),
  ...rows(0, 'i:l', { 'i64.load': 0x29 }, 'memory', 3),
  ...rows(0, 'i:f', { 'f32.load': 0x2a }, 'memory', 2),
  ...rows(0, 'i:d', { 'f64.load': 0x2b }, 'memory', 3),
  ...rows(0, 'ii:', { 'i32.store': 0x36 }, 'memory', 2),
  ...rows(0, 'ii:', { 'i32.store8': 0x3a }, 'memory', 0),
  ...rows(0, 'il:', { 'i64.store': 0x37 }, 'memory', 3),
  ...rows(0, 'if:', { 'f32.store': 0x38 }, 'memory', 2),
  ...rows(0, 'id:', { 'f64.store': 0x39 }, 'memory', 3),
  ...rows(0xfc, 'iii:', { 'memory.copy': 10, 'memory.fill': 11 }, 'none'),

  ...rows(0xfd, 'i:v', { 'v128.load': 0 }, 'memory', 4),
  ...rows(0xfd, 'i:v', { 'v128.load8_splat': 7 }, 'memory', 0),
  ...rows(0xfd, 'i:v', { 'v128.load16_splat': 8 }, 'memory', 1),
  ...rows(0xfd, 'i:v', { 'v128.load32_splat': 9, 'v128.load32_zero': 92 }, 'memory', 2),
  ...rows(0xfd, 'i:v', { 'v128.load64_splat': 10, 'v128.load64_zero': 93 }, 'memory', 3),
  ...rows(0xfd, 'iv:', { 'v128.store': 11 }, 'memory', 4),
  ...rows(0xfd, 'iv:v', { 'v128.load8_lane': 84 }, 'memory-lane', 0),
  ...rows(0xfd, 'iv:v', { 'v128.load32_lane': 86 }, 'memory-lane', 2),
  ...rows(0xfd, 'iv:v', { 'v128.load64_lane': 87 }, 'memory-lane', 3),
  ...rows(0xfd, 'iv:', { 'v128.store8_lane': 88 }, 'memory-lane', 0),
  ...rows(0xfd, 'iv:', { 'v128.store16_lane': 89 }, 'memory-lane', 1),
  ...rows(0xfd, 'iv:', { 'v128.store32_lane': 90 }, 'memory-lane', 2),
  ...rows(0xfd, 'iv:', { 'v128.store64_lane': 91 }, 'memory-lane', 3),
  ...rows(0xfd, 'vv:v', { 'i8x16.shuffle': 13 }, 'shuffle'),
  ...rows(0xfd, 'i:v', { 'i32x4.splat': 17 }),
  ...rows(0xfd, 'l:v', { 'i64x2.splat': 18 }),
  ...rows(0xfd, 'f:v', { 'f32x4.splat': 19 }),
  ...rows(0xfd, 'd:v', { 'f64x2.splat': 20 }),
  ...rows(0xfd, 'v:i', { 'i8x16.extract_lane_u': 22, 'i32x4.extract_lane': 27 }, 'lane'),
  ...rows(0xfd, 'vi:v', { 'i32x4.replace_lane': 28 }, 'lane'),
  ...rows(0xfd, 'v:l', { 'i64x2.extract_lane': 29 }, 'lane'),
  ...rows(0xfd, 'v:f', { 'f32x4.extract_lane': 31 }, 'lane'),
  ...rows(0xfd, 'v:d', { 'f64x2.extract_lane': 33 }, 'lane'),
  ...rows(0xfd, 'vd:v', { 'f64x2.replace_lane': 34 }, 'lane'),
  ...rows(0xfd, 'vv:v', {
    'i32x4.eq': 55, 'i32x4.ne': 56, 'i32x4.lt_s': 57, 'i32x4.gt_s': 59, 'i32x4.le_s': 61, 'i32x4.ge_s': 63,
    'i32x4.gt_u': 60, 'i32x4.lt_u': 58,
    'f32x4.eq': 65, 'f32x4.ne': 66, 'f32x4.lt': 67, 'f32x4.gt': 68, 'f32x4.le': 69, 'f32x4.ge': 70,
    'f64x2.eq': 71, 'f64x2.ne': 72, 'f64x2.lt': 73, 'f64x2.gt': 74, 'f64x2.le': 75, 'f64x2.ge': 76,
    'v128.and': 78, 'v128.andnot': 79, 'v128.or': 80, 'v128.xor': 81,
    'i32x4.add': 174, 'i32x4.sub': 177, 'i32x4.mul': 181, 'i32x4.min_s': 182, 'i32x4.max_s': 184,
    'i64x2.add': 206, 'i64x2.sub': 209, 'i64x2.mul': 213, 'i64x2.extmul_low_i32x4_u': 222,
    'i64x2.extmul_high_i32x4_u': 223, 'i64x2.eq': 214, 'i64x2.gt_s': 217, 'i64x2.lt_s': 216,
    'f32x4.add': 228, 'f32x4.sub': 229, 'f32x4.mul': 230, 'f32x4.div': 231, 'f32x4.min': 232,
    'f32x4.max': 233, 'f32x4.pmin': 234, 'f32x4.pmax': 235,
    'f64x2.add': 240, 'f64x2.sub': 241, 'f64x2.mul': 242, 'f64x2.div': 243, 'f64x2.min': 244,
    'f64x2.max': 245, 'f64x2.pmin': 246, 'f64x2.pmax': 247,
  }), // prettier-ignore
  ...rows(0xfd, 'vvv:v', {
    'v128.bitselect': 82, 'f32x4.relaxed_madd': 0x105, 'f64x2.relaxed_madd': 0x107,
  }), // prettier-ignore
  ...rows(0xfd, 'v:i', { 'v128.any_true': 83, 'i64x2.all_true': 195, 'i32x4.all_true': 163 }),
  ...rows(0xfd, 'v:i', { 'i64x2.bitmask': 196, 'i32x4.bitmask': 164 }),
  ...rows(0xfd, 'vi:v', {
    'i32x4.shl': 171, 'i32x4.shr_s': 172, 'i32x4.shr_u': 173, 'i64x2.shl': 203, 'i64x2.shr_s': 204,
    'i64x2.shr_u': 205,
  }), // prettier-ignore
  ...rows(0xfd, 'v:v', {
    'v128.not': 77, 'i32x4.abs': 160, 'i32x4.neg': 161, 'i64x2.abs': 192, 'i64x2.neg': 193,
    'i64x2.extend_low_i32x4_s': 199, 'i64x2.extend_low_i32x4_u': 201, 'i64x2.extend_high_i32x4_s': 200,
    'f32x4.ceil': 103, 'f32x4.floor': 104, 'f32x4.trunc': 105, 'f32x4.nearest': 106, 'f32x4.abs': 224,
    'f32x4.neg': 225, 'f32x4.sqrt': 227, 'f64x2.ceil': 116, 'f64x2.floor': 117, 'f64x2.trunc': 122,
    'f64x2.nearest': 148, 'f64x2.abs': 236, 'f64x2.neg': 237, 'f64x2.sqrt': 239,
    'f32x4.demote_f64x2_zero': 94, 'f64x2.promote_low_f32x4': 95, 'i32x4.trunc_sat_f32x4_s': 248,
    'f32x4.convert_i32x4_s': 250, 'i32x4.trunc_sat_f64x2_s_zero': 252, 'f64x2.convert_low_i32x4_s': 254,
    'f64x2.convert_low_i32x4_u': 255,
  }), // prettier-ignore
};

export type InstructionName = keyof typeof instructions;
