/** The TypeScript that is translated: function declarations and arrow functions of modules, and the values of their constants. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';

export interface Source {
  readonly name: string;
  readonly declaration: ts.FunctionDeclaration | ts.ArrowFunction;
  readonly module: Module;
}

export interface Module {
  readonly path: string;
  readonly functions: ReadonlyMap<string, Source>;
  /** Local names of imports → module and name there. */
  readonly imports: ReadonlyMap<string, { readonly path: string; readonly name: string }>;
  /** All constants of the module by name. */
  readonly constants: Readonly<Record<string, unknown>>;
}

export class Sources {
  readonly checker: ts.TypeChecker;
  private readonly modules = new Map<string, Module>();
  private readonly program: ts.Program;
  private readonly copy: string;

  /** @param root directory of the sources (ops/src) */
  constructor(
    private readonly root: string,
    private readonly files: readonly string[],
  ) {
    this.program = ts.createProgram([...files], {
      strict: true,
      target: ts.ScriptTarget.ES2022,
      skipLibCheck: true,
    });
    this.checker = this.program.getTypeChecker();
    // A copy of the modules that exports everything, for the values of their constants.
    this.copy = mkdtempSync(join(tmpdir(), 'scalar-functions-'));
    writeFileSync(join(this.copy, 'package.json'), '{"type":"module"}');
    for (const file of files) {
      const target = this.copyOf(file);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, readFileSync(file, 'utf8').replace(/^const /gm, 'export const '));
    }
  }

  private copyOf(path: string): string {
    return path.startsWith(this.root) ? path.replace(this.root, this.copy) : join(this.copy, basename(path));
  }

  close(): void {
    rmSync(this.copy, { recursive: true });
  }

  async module(path: string): Promise<Module> {
    const known = this.modules.get(path);
    if (known !== undefined) return known;
    const file = this.program.getSourceFile(path);
    if (file === undefined) throw new Error(`no source file ${path}`);
    const functions = new Map<string, Source>();
    const imports = new Map<string, { path: string; name: string }>();
    const module: Module = { path, functions, imports, constants: await this.constantsOf(path) };
    this.modules.set(path, module);
    for (const statement of file.statements) {
      if (ts.isFunctionDeclaration(statement) && statement.name !== undefined) {
        const name = statement.name.text;
        functions.set(name, { name, declaration: statement, module });
      } else if (ts.isVariableStatement(statement)) {
        for (const { name, initializer } of statement.declarationList.declarations)
          if (ts.isIdentifier(name) && initializer !== undefined && ts.isArrowFunction(initializer))
            functions.set(name.text, { name: name.text, declaration: initializer, module });
      } else if (ts.isImportDeclaration(statement)) {
        const from = resolve(dirname(path), (statement.moduleSpecifier as ts.StringLiteral).text) + '.ts';
        const named = statement.importClause?.namedBindings;
        if (named !== undefined && ts.isNamedImports(named))
          for (const item of named.elements)
            imports.set(item.name.text, { path: from, name: (item.propertyName ?? item.name).text });
      }
    }
    for (const { path: imported } of imports.values())
      if (this.files.includes(imported)) await this.module(imported);
    return module;
  }

  loaded(path: string): Module | undefined {
    return this.modules.get(path);
  }

  private async constantsOf(path: string): Promise<Readonly<Record<string, unknown>>> {
    return (await import(pathToFileURL(this.copyOf(path)).href)) as Record<string, unknown>;
  }
}
