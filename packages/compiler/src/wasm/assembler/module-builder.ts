/** A module: imported functions and one imported memory first, then functions, some of them exported. */
import { ByteWriter } from './bytes';
import { encodeFunction, finishFunction, type FinishedFunction } from './encode-function';
import { FunctionBuilder, type Callee } from './function-builder';
import { printFunction } from './print-function';
import { valTypeCodes, type Signature } from './types';

export interface MemoryImport {
  readonly module: string;
  readonly name: string;
  readonly initialPages: number;
  /** Shared memories need a maximum. */
  readonly shared?: { readonly maximumPages: number };
}

export interface FunctionOptions {
  readonly exportAs?: string;
  readonly pure?: boolean;
}

const sections = { type: 1, import: 2, function: 3, global: 6, export: 7, code: 10 } as const;

export class ModuleBuilder {
  private readonly signatures: Signature[] = [];
  private readonly signatureIndex = new Map<string, number>();
  private readonly imports: { readonly module: string; readonly name: string; readonly type: number }[] = [];
  private readonly functions: { readonly builder: FunctionBuilder; readonly type: number }[] = [];
  private readonly exports: { readonly name: string; readonly index: number }[] = [];
  private finished: FinishedFunction[] | null = null;
  private globals = 0;

  private typeIndex(signature: Signature): number {
    const key = `${signature.params.join(',')}:${signature.result ?? ''}`;
    let index = this.signatureIndex.get(key);
    if (index === undefined) {
      index = this.signatures.push(signature) - 1;
      this.signatureIndex.set(key, index);
    }
    return index;
  }

  /** All imports come before the first function: indices count them first. */
  importFunction(module: string, name: string, signature: Signature): Callee {
    if (this.functions.length > 0) throw new Error('internal: imports come before functions');
    const index = this.imports.push({ module, name, type: this.typeIndex(signature) }) - 1;
    return { index, name, signature, pure: false };
  }

  function(
    name: string,
    signature: Signature,
    options: FunctionOptions = {},
  ): { readonly builder: FunctionBuilder; readonly callee: Callee } {
    const builder = new FunctionBuilder(name, signature);
    this.functions.push({ builder, type: this.typeIndex(signature) });
    const index = this.imports.length + this.functions.length - 1;
    if (options.exportAs !== undefined) this.exports.push({ name: options.exportAs, index });
    return { builder, callee: { index, name, signature, pure: options.pure ?? false } };
  }

  /** A mutable double, 0 at first, private to an instance: its index. */
  global(): number {
    return this.globals++;
  }

  export(name: string, { index }: Callee): void {
    this.exports.push({ name, index });
  }

  private finish(): FinishedFunction[] {
    return (this.finished ??= this.functions.map(({ builder }) => finishFunction(builder)));
  }

  toBytes(memory: MemoryImport): Uint8Array<ArrayBuffer> {
    const out = new ByteWriter();
    out.bytes([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);
    const section = (id: number, write: (inner: ByteWriter) => void): void => {
      const inner = new ByteWriter();
      write(inner);
      out.u8(id);
      out.sized(inner);
    };
    section(sections.type, (s) => {
      s.u32(this.signatures.length);
      for (const { params, result } of this.signatures) {
        s.u8(0x60);
        s.u32(params.length);
        for (const p of params) s.u8(valTypeCodes[p]);
        s.u32(result === null ? 0 : 1);
        if (result !== null) s.u8(valTypeCodes[result]);
      }
    });
    section(sections.import, (s) => {
      s.u32(this.imports.length + 1);
      for (const { module, name, type } of this.imports) {
        s.name(module);
        s.name(name);
        s.u8(0x00);
        s.u32(type);
      }
      s.name(memory.module);
      s.name(memory.name);
      s.u8(0x02);
      s.u8(memory.shared === undefined ? 0x00 : 0x03);
      s.u32(memory.initialPages);
      if (memory.shared !== undefined) s.u32(memory.shared.maximumPages);
    });
    section(sections.function, (s) => {
      s.u32(this.functions.length);
      for (const { type } of this.functions) s.u32(type);
    });
    if (this.globals > 0)
      section(sections.global, (s) => {
        s.u32(this.globals);
        for (let i = 0; i < this.globals; i++) {
          s.bytes([valTypeCodes.f64, 0x01, 0x44]);
          s.f64(0);
          s.u8(0x0b);
        }
      });
    section(sections.export, (s) => {
      s.u32(this.exports.length);
      for (const { name, index } of this.exports) {
        s.name(name);
        s.u8(0x00);
        s.u32(index);
      }
    });
    section(sections.code, (s) => {
      const finished = this.finish();
      s.u32(finished.length);
      for (const f of finished) s.sized(encodeFunction(f));
    });
    return out.toUint8Array();
  }

  toText(): string {
    return this.finish().map(printFunction).join('\n\n');
  }
}
