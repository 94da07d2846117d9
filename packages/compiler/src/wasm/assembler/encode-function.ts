/** Statements → the code entry of a function in the binary format. */
import { ByteWriter } from './bytes';
import { allocateLocals } from './allocate-locals';
import type { FunctionBuilder } from './function-builder';
import type { Instruction } from './instructions';
import type { Instr, Value } from './instr-tree';
import { stackify, type Statement, type Tree } from './stackify';
import { valTypeCodes, type ValType } from './types';

const emptyBlock = 0x40;

/** A function after locals are assigned: what both the encoder and the printer read. */
export interface FinishedFunction {
  readonly builder: FunctionBuilder;
  readonly statements: readonly Statement[];
  readonly locals: readonly ValType[];
}

export function finishFunction(builder: FunctionBuilder): FinishedFunction {
  const statements = stackify(builder.entries);
  for (const p of builder.params) p.local = (p.def as { index: number }).index;
  return { builder, statements, locals: allocateLocals(statements, builder.params.length) };
}

function writeOpcode(out: ByteWriter, op: Instruction): void {
  if (op.prefix === 0) out.u8(op.code);
  else {
    out.u8(op.prefix);
    out.u32(op.code);
  }
}

function writeConst(out: ByteWriter, valType: ValType, value: number | bigint): void {
  switch (valType) {
    case 'i32':
      out.u8(0x41);
      return out.s32(value as number);
    case 'i64':
      out.u8(0x42);
      return out.s64(value as bigint);
    case 'f32':
      out.u8(0x43);
      return out.f32(value as number);
    case 'f64':
      out.u8(0x44);
      return out.f64(value as number);
    case 'v128':
      throw new Error('internal: vector constants live in memory');
    default:
      valType satisfies never;
  }
}

function writeOp(out: ByteWriter, instr: Extract<Instr, { kind: 'op' }>): void {
  const { op } = instr;
  writeOpcode(out, op);
  if (op.immediate === 'memory' || op.immediate === 'memory-lane') {
    out.u32(op.align);
    out.u32(instr.offset);
  }
  if (op.immediate === 'global') out.u32(instr.offset);
  if (op.immediate === 'lane' || op.immediate === 'memory-lane') out.u8(instr.lane);
  if (instr.bytes !== null) out.bytes(instr.bytes);
  if (op.name === 'memory.copy') out.bytes([0, 0]);
  if (op.name === 'memory.fill') out.u8(0);
}

function writeInstr(out: ByteWriter, instr: Instr): void {
  switch (instr.kind) {
    case 'op':
      return writeOp(out, instr);
    case 'const':
      return writeConst(out, instr.type, instr.value);
    case 'get':
      out.u8(0x20);
      return out.u32(instr.variable.local);
    case 'set':
      out.u8(0x21);
      return out.u32(instr.variable.local);
    case 'call':
      out.u8(0x10);
      return out.u32(instr.callee.index);
    case 'drop':
      return out.u8(0x1a);
    case 'block':
      return out.bytes([0x02, emptyBlock]);
    case 'loop':
      return out.bytes([0x03, emptyBlock]);
    case 'if':
      return out.bytes([0x04, emptyBlock]);
    case 'else':
      return out.u8(0x05);
    case 'end':
      return out.u8(0x0b);
    case 'br':
      out.u8(0x0c);
      return out.u32(instr.depth);
    case 'br_if':
      out.u8(0x0d);
      return out.u32(instr.depth);
    case 'return':
      return out.u8(0x0f);
    case 'param':
    case 'preheader':
      throw new Error(`internal: ${instr.kind} is not an instruction`);
    default:
      instr satisfies never;
  }
}

function writeTree(out: ByteWriter, tree: Tree): void {
  if (tree.args === null) {
    const value = tree.value as Value;
    if (tree.instr.kind === 'const') return writeInstr(out, tree.instr);
    if (value.local < 0)
      throw new Error(`internal: a value of type ${value.type} is read where it does not exist`);
    out.u8(0x20);
    return out.u32(value.local);
  }
  for (const a of tree.args) writeTree(out, a);
  writeInstr(out, tree.instr);
}

export function encodeFunction(finished: FinishedFunction): ByteWriter {
  const out = new ByteWriter();
  const runs: [number, ValType][] = [];
  for (const type of finished.locals) {
    const last = runs.at(-1);
    if (last?.[1] === type) last[0]++;
    else runs.push([1, type]);
  }
  out.u32(runs.length);
  for (const [count, type] of runs) {
    out.u32(count);
    out.u8(valTypeCodes[type]);
  }
  for (const { tree, assigns } of finished.statements) {
    writeTree(out, tree);
    if (assigns !== null) {
      out.u8(0x21);
      out.u32(assigns.local);
    } else if (tree.instr.kind === 'call' && tree.value !== null) out.u8(0x1a);
  }
  out.u8(0x0b);
  return out;
}
