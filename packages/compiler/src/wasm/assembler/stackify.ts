/**
 * Turns single-assignment entries into statements of operand trees: values used once go on the operand stack, the
 * others into locals. Dead values and stores that turned out to be unneeded are dropped.
 */
import { operandsOf, type Entry, type Instr, type Value, type Variable } from './instr-tree';

/** An instruction with the trees of its operands; a leaf is a local, a parameter or a constant. */
export interface Tree {
  readonly value: Value | null;
  readonly instr: Instr;
  /** null: read from its local. */
  readonly args: readonly Tree[] | null;
  readonly height: number;
}

export interface Statement {
  readonly tree: Tree;
  /** The value whose local is assigned; null for effects and control. */
  readonly assigns: Value | null;
}

/** Deeper trees are cut, so that encoding can recurse. */
const maxHeight = 48;

function flatten(entries: readonly Entry[], into: Entry[] = []): Entry[] {
  for (const entry of entries) {
    if (entry.instr.kind === 'preheader') flatten(entry.instr.body, into);
    else into.push(entry);
  }
  return into;
}

function isPure(instr: Instr): boolean {
  if (instr.kind === 'op') return instr.op.result !== null;
  return instr.kind === 'get' || (instr.kind === 'call' && instr.pure);
}

/** Without values that nothing uses (transitively) and stores that are not needed. */
function live(entries: readonly Entry[]): Entry[] {
  const kept: Entry[] = [];
  for (let i = entries.length - 1; i >= 0; i--) {
    const { instr, result } = entries[i];
    const unneededStore = instr.kind === 'op' && instr.keep !== null && !instr.keep.needed;
    const unused = result !== null && result.uses === 0 && isPure(instr);
    if (unneededStore || unused) for (const a of operandsOf(instr)) a.uses--;
    else kept.push(entries[i]);
  }
  return kept.reverse();
}

export function stackify(body: readonly Entry[]): Statement[] {
  const statements: Statement[] = [];
  const pending = new Map<Value, Tree>();

  const leafOrTree = (value: Value): Tree => {
    const tree = pending.get(value);
    if (tree !== undefined) {
      pending.delete(value);
      return tree;
    }
    return { value, instr: value.def, args: null, height: 0 };
  };
  const flush = (): void => {
    for (const [value, tree] of pending) statements.push({ tree, assigns: value });
    pending.clear();
  };

  for (const { instr, result } of live(flatten(body))) {
    const args = operandsOf(instr).map(leafOrTree);
    let height = 0;
    for (const a of args) height = Math.max(height, a.height);
    const tree: Tree = { value: result, instr, args, height: height + 1 };
    if (result === null || !isPure(instr)) {
      flush();
      statements.push({ tree, assigns: result !== null && result.uses > 0 ? result : null });
    } else if (result.uses === 1 && height < maxHeight) pending.set(result, tree);
    else statements.push({ tree, assigns: result });
  }
  flush();
  return statements;
}

/** Calls back for every local that a statement reads, then for the variable it sets. */
export function eachAccess(
  statement: Statement,
  read: (what: Value | Variable) => void,
  write: (what: Value | Variable) => void,
): void {
  const visit = (tree: Tree): void => {
    if (tree.args === null) {
      if (tree.instr.kind !== 'const' && tree.instr.kind !== 'param') read(tree.value as Value);
      return;
    }
    for (const a of tree.args) visit(a);
    if (tree.instr.kind === 'get') read(tree.instr.variable);
  };
  visit(statement.tree);
  if (statement.tree.instr.kind === 'set') write(statement.tree.instr.variable);
  if (statement.assigns !== null) write(statement.assigns);
}
