/** A function as text, one statement a line, for snapshots and for people. */
import type { FinishedFunction } from './encode-function';
import type { Instr, Value } from './instr-tree';
import type { Tree } from './stackify';

function operator(instr: Instr): string {
  if (instr.kind === 'call') return `$${instr.callee.name}`;
  if (instr.kind === 'br' || instr.kind === 'br_if') return `${instr.kind} ${instr.depth}`;
  if (instr.kind === 'set') return `%${instr.variable.local} =`;
  if (instr.kind !== 'op') return instr.kind;
  let text = instr.op.name;
  if (instr.op.immediate === 'lane' || instr.op.immediate === 'memory-lane') text += `[${instr.lane}]`;
  if (instr.bytes !== null) text += `[${instr.bytes.join(' ')}]`;
  return instr.offset === 0 ? text : `${text}+${instr.offset}`;
}

function expression(tree: Tree): string {
  const { instr } = tree;
  if (instr.kind === 'const') return String(instr.value);
  if (tree.args === null) return `%${(tree.value as Value).local}`;
  if (instr.kind === 'get') return `%${instr.variable.local}`;
  const args = tree.args.map(expression).join(', ');
  if (instr.kind === 'set') return `${operator(instr)} ${args}`;
  return tree.args.length === 0 && instr.kind !== 'call' ? operator(instr) : `${operator(instr)}(${args})`;
}

export function printFunction({ builder, statements, locals }: FinishedFunction): string {
  const { params, result } = builder.signature;
  const lines = [`func $${builder.name}(${params.join(', ')})${result === null ? '' : ` -> ${result}`}`];
  if (locals.length > 0) {
    const counts = new Map<string, number>();
    for (const type of locals) counts.set(type, (counts.get(type) ?? 0) + 1);
    lines.push(`  locals ${[...counts].map(([type, n]) => `${n} ${type}`).join(', ')}`);
  }
  let indent = 1;
  for (const { tree, assigns } of statements) {
    const { kind } = tree.instr;
    if (kind === 'end' || kind === 'else') indent--;
    const text = expression(tree);
    lines.push('  '.repeat(indent) + (assigns === null ? text : `%${assigns.local} = ${text}`));
    if (kind === 'block' || kind === 'loop' || kind === 'if' || kind === 'else') indent++;
  }
  return lines.join('\n');
}
