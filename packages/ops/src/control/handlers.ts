/** Where a compiler takes over control flow while it traces: without one, `scan`, `cond` and `whileLoop` run in JavaScript. */
import * as tfjs from '@tensorflow/tfjs';
import { TRACE_BACKEND, isConcrete } from './concrete';
import type { CondCall } from './cond';
import type { FlatStep, ScanCall } from './scan';
import type { WhileCall } from './while-loop';

/** Each runs a call otherwise (a compiler records a node with subgraphs); `undefined` declines, and JavaScript runs it. */
export interface ControlHandlers {
  readonly scan?: (call: ScanCall) => FlatStep | undefined;
  readonly cond?: (call: CondCall) => readonly tfjs.Tensor[] | undefined;
  readonly whileLoop?: (call: WhileCall) => readonly tfjs.Tensor[] | undefined;
}

const HANDLERS = Symbol.for('pyro-ts.control-handlers');

const holder = globalThis as unknown as Record<symbol, ControlHandlers | undefined>;

/** Sets what runs control flow while tracing; returns the former handlers. */
export function setControlHandlers(handlers: ControlHandlers): ControlHandlers {
  const former = holder[HANDLERS] ?? {};
  holder[HANDLERS] = handlers;
  return former;
}

/** The handlers that apply: none unless tensors without values are about. */
export function controlHandlers(operands: readonly tfjs.Tensor[]): ControlHandlers {
  const traces = tfjs.getBackend() === TRACE_BACKEND || !operands.every(isConcrete);
  return (traces ? holder[HANDLERS] : undefined) ?? {};
}
