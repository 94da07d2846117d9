/**
 * Makes second derivatives through saved outputs right. While a kernel runs, tfjs records the copies that its gradient
 * rule saves, and only then the kernel itself; a copy of an *output* thus stands on the tape before the node that
 * makes the output, and a second differentiation does not see where it comes from: y″ of exp comes out as 0, silently.
 * Here the node is put in front of those copies.
 */
import * as tfjs from '@tensorflow/tfjs';

interface TapeNode {
  readonly inputs: Readonly<Record<string, tfjs.Tensor>>;
  readonly outputs: readonly tfjs.Tensor[];
  readonly saved: readonly tfjs.Tensor[];
}

interface Taping {
  readonly state: { readonly activeTape: TapeNode[] };
  addTapeNode(...args: unknown[]): void;
}

const PATCHED = Symbol.for('pyro-ts.tape-order');

function moveBeforeItsCopies(tape: TapeNode[]): void {
  const node = tape[tape.length - 1];
  if (node.saved.length === 0) return;
  const made = new Set(node.outputs.map((t) => t.id));
  const copiesOutput = ({ inputs }: TapeNode): boolean => Object.values(inputs).some((t) => made.has(t.id));
  let first = Math.max(0, tape.length - 1 - node.saved.length);
  while (first < tape.length - 1 && !copiesOutput(tape[first])) first++;
  if (first === tape.length - 1) return;
  tape.pop();
  tape.splice(first, 0, node);
}

export function repairTapeOrder(): void {
  const engine = tfjs.engine() as unknown as Taping & Record<symbol, boolean | undefined>;
  if (engine[PATCHED] === true) return;
  const record = engine.addTapeNode.bind(engine);
  engine.addTapeNode = (...args: unknown[]): void => {
    record(...args);
    moveBeforeItsCopies(engine.state.activeTape);
  };
  engine[PATCHED] = true;
}
