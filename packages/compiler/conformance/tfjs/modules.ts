/**
 * Loads the test files of tfjs, which are ES modules without a package that says so: each is translated to CommonJS
 * and given, for `tf`, the very tfjs that the rest of the process runs on.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { compileFunction } from 'node:vm';
import ts from 'typescript';
import { closenessSource } from './closeness';

const require = createRequire(__filename);

/** The folder of tfjs-core that holds the test files. */
export const sources = dirname(require.resolve('@tensorflow/tfjs-core/dist/index.js'));

type Exports = Record<string, unknown>;

export class TestModules {
  private readonly loaded = new Map<string, { exports: Exports }>();

  /** @param replacements modules by path below `sources`, without extension */
  constructor(private readonly replacements: Readonly<Record<string, Exports>>) {}

  /** Runs a test file; it is not kept, so that it can run again. */
  runFile(path: string): void {
    this.evaluate(join(sources, path));
  }

  private find(from: string, specifier: string): string {
    const base = resolve(dirname(from), specifier);
    const found = [`${base}.js`, join(base, 'index.js'), base].find((path) => existsSync(path));
    if (found === undefined) throw new Error(`${from} imports ${specifier}, which does not exist`);
    return found;
  }

  private importFrom(from: string, specifier: string): unknown {
    if (!specifier.startsWith('.')) return require(specifier);
    const path = this.find(from, specifier);
    const name = path.slice(sources.length + 1, -'.js'.length);
    if (Object.hasOwn(this.replacements, name)) return this.replacements[name];
    return (this.loaded.get(path) ?? this.evaluate(path)).exports;
  }

  private evaluate(path: string): { exports: Exports } {
    const module = { exports: {} };
    if (!path.endsWith('_test.js')) this.loaded.set(path, module);
    const source = closenessSource(
      path,
      readFileSync(path, 'utf8').replace(/^\/\/# sourceMappingURL=.*$/m, ''),
    );
    const { outputText } = ts.transpileModule(source, {
      compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, allowJs: true },
    });
    const wrapped = compileFunction(outputText, ['exports', 'require', 'module'], { filename: path });
    const importModule = (specifier: string): unknown => this.importFrom(path, specifier);
    (wrapped as (...args: unknown[]) => void)(module.exports, importModule, module);
    return module;
  }
}
