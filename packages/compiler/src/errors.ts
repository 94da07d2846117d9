/** Typed errors of the compiler, and every text a user of it can meet. */
import { formatShape, PyroError } from '@pyro-ts/ops';

export class CompilerError extends PyroError {
  constructor(text: string, kind = 'CompilerError', site?: string) {
    super(kind, text, site);
  }
}

/** A value that only exists when the compiled program runs was read while its graph was recorded. */
export class TracedValueError extends CompilerError {
  constructor(
    readonly kernel: string,
    site: string | undefined,
    shape: readonly number[],
  ) {
    super(
      `the value of a traced tensor was read: the output of ${kernel}, shape ${formatShape(shape)}.\n` +
        '  While a function is traced its tensors have shapes but no values, so JavaScript cannot branch or loop on them.\n' +
        '  Fix: write the choice with tensors (tf.where, cond or whileLoop of @pyro-ts/ops), pass a number that decides the control flow as a\n' +
        "  plain argument, or run without compiling (fallback: 'eager').",
      'TracedValueError',
      site,
    );
  }
}

/** A tensor recorded for one graph was used after that graph was finished, or in another one. */
export class EscapedTracerError extends CompilerError {
  constructor(shape: readonly number[]) {
    super(
      `a traced tensor of shape ${formatShape(shape)} was used outside of the function that was being traced.\n` +
        '  Fix: return it from the function instead of storing it in a variable outside.',
      'EscapedTracerError',
    );
  }
}

/** What a function returned, or was given, cannot be a program's output or input. */
export class SignatureError extends CompilerError {
  constructor(text: string) {
    super(text, 'SignatureError');
  }
}

/** A graph broke a rule of the representation: always a defect of the compiler. */
export class GraphError extends CompilerError {
  constructor(message: string) {
    super(`internal: ${message}`, 'GraphError');
  }
}

/** Bytes that are not a program that this version can load. */
export class ProgramFormatError extends CompilerError {
  constructor(
    /** `foreign`: not a program; `version`: written by another version; `damaged`: cut off or changed. */
    readonly reason: 'foreign' | 'version' | 'damaged',
    detail: string,
  ) {
    const fixes = {
      foreign: 'pass what toBytes() of a compiled function returned',
      version: 'compile the function again with this version, or update @pyro-ts/compiler',
      damaged: 'copy or download the file again (as binary, not as text)',
    };
    super(
      `the bytes are not a program that can be loaded: ${detail}.\n  Fix: ${fixes[reason]}.`,
      'ProgramFormatError',
    );
  }
}
