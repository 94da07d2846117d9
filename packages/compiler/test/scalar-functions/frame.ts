/** The function being written: its locals, the steps so far, and what names stand for. */
import ts from 'typescript';
import type { Code, Step } from '../../src/wasm/scalar/code';
import { assemble, leaves, number, shapeOf, type Abstract, type Shape } from './values';

export class Frame {
  protected locals = 0;
  protected steps: Step[] = [];
  protected scopes: Map<string, Abstract>[] = [new Map<string, Abstract>()];
  /** Locals that nothing is assigned to but where they are made: they need no copy. */
  protected readonly fixed = new Set<Code>();

  protected unknown(node: ts.Node): Error {
    const file = node.getSourceFile();
    const { line } = file.getLineAndCharacterOfPosition(node.getStart());
    return new Error(
      `${file.fileName}:${line + 1}: cannot translate ${ts.SyntaxKind[node.kind]} ${node.getText()}`,
    );
  }

  /** A value in the shape that is asked for: fields in their order, a number as one that is defined. */
  protected as(value: Abstract, shape: Shape): Abstract {
    if (shape.kind === 'record' && shape.fields[1]?.[0] === 'defined' && value.kind !== 'record')
      return { kind: 'record', fields: new Map([['value', value], ['defined', number(1)]]) }; // prettier-ignore
    if (shape.kind === 'record' && value.kind === 'record') {
      const fields = shape.fields.map(([name, field]) => {
        const own = value.fields.get(name);
        if (own === undefined) throw new Error(`internal: no field ${name}`);
        return [name, this.as(own, field)] as const;
      });
      return { kind: 'record', fields: new Map(fields) };
    }
    return value;
  }

  protected numberOf(value: Abstract): Code {
    if (value.kind === 'record' && value.fields.has('defined'))
      return this.numberOf(value.fields.get('value') as Abstract);
    if (value.kind === 'record') throw new Error('internal: a record where a number is expected');
    return leaves(value)[0];
  }

  protected local(): number {
    return this.locals++;
  }

  /** The value in locals of its own. */
  protected stored(value: Abstract): Abstract {
    const shape = shapeOf(value);
    const codes = leaves(value).map((code): Code => {
      if (typeof code === 'number' || this.fixed.has(code)) return code;
      if (code instanceof Array && code[0] === 'table') return code;
      const local = this.local();
      this.steps.push(['set', local, code]);
      this.fixed.add(String(local));
      return String(local);
    });
    return assemble(shape, codes);
  }

  /** Locals that can be set again. */
  protected variable(value: Abstract): Abstract {
    const codes = leaves(value).map((code): Code => {
      const local = this.local();
      this.steps.push(['set', local, code]);
      return String(local);
    });
    return assemble(shapeOf(value), codes);
  }

  protected assign(target: Abstract, value: Abstract): void {
    const given = leaves(this.as(value, shapeOf(target)));
    // All are read before the first is written.
    const safe = given.length > 1 ? leaves(this.variable(assemble(shapeOf(target), given))) : given;
    leaves(target).forEach((local, i) => this.steps.push(['set', Number(local), safe[i]]));
  }

  protected find(name: string): Abstract | undefined {
    for (let i = this.scopes.length - 1; i >= 0; i--) {
      const found = this.scopes[i].get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  protected bind(name: ts.BindingName, value: Abstract): void {
    const scope = this.scopes.at(-1) as Map<string, Abstract>;
    if (ts.isIdentifier(name)) return void scope.set(name.text, value);
    if (value.kind !== 'record') throw this.unknown(name);
    name.elements.forEach((element, i) => {
      if (!ts.isBindingElement(element)) return;
      const key = ts.isArrayBindingPattern(name)
        ? String(i)
        : (element.propertyName ?? element.name).getText();
      const field = value.fields.get(key);
      if (field === undefined) throw this.unknown(element);
      this.bind(element.name, field);
    });
  }

  protected nested(run: () => void): Step[] {
    const outer = this.steps;
    const own: Step[] = [];
    this.steps = own;
    this.scopes.push(new Map<string, Abstract>());
    run();
    this.scopes.pop();
    this.steps = outer;
    return own;
  }
}
