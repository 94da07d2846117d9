/** Functions of numbers, in TypeScript, as data (src/wasm/scalar/code.ts). Throws on anything that it does not know. */
import ts from 'typescript';
import type { Code, ScalarFunction, Step } from '../../src/wasm/scalar/code';
import { builtin, constantOf, test } from './builtins';
import { choice, type Constants } from './constants';
import { Frame } from './frame';
import type { Module, Source, Sources } from './sources';
import {
  bitOperators,
  comparisons,
  compounds,
  fold,
  isAssigned,
  isUndefined,
  maybe,
  operators,
} from './syntax';
import { assemble, leaves, number, shapeOf, sizeOfShape, type Abstract, type Shape } from './values';

/** Longer functions, and those with branches, are called; the others become part of their callers. */
const longestInlined = 260;

export class Translator {
  readonly functions = new Map<string, ScalarFunction>();
  private readonly started = new Map<Source, string>();

  constructor(
    readonly sources: Sources,
    readonly constants: Constants,
  ) {}

  /** The name of the translated function. */
  translate(source: Source): string {
    const known = this.started.get(source);
    if (known !== undefined) return known;
    const taken = [...this.started.values()].includes(source.name);
    const file = source.module.path.replace(/^.*\/|\.ts$/g, '');
    const name = taken ? `${file}.${source.name}` : source.name;
    this.started.set(source, name);
    this.functions.set(name, new FunctionTranslation(this, source.module).function(source));
    return name;
  }

  lookUp(module: Module, name: string): Source | undefined {
    const imported = module.imports.get(name);
    if (imported === undefined) return module.functions.get(name);
    const from = this.sources.loaded(imported.path);
    return from && this.lookUp(from, imported.name);
  }

  constant(module: Module, name: string): Abstract | undefined {
    const imported = module.imports.get(name);
    const from = imported === undefined ? module : this.sources.loaded(imported.path);
    const own = imported?.name ?? name;
    const value = from?.constants[own];
    if (from === undefined || value === undefined || typeof value === 'function') return undefined;
    return this.constants.valueOf(`${from.path.replace(/^.*\/|\.ts$/g, '')}.${own}`, value);
  }

  shapeOfType(type: ts.Type, at: ts.Node): Shape {
    const { checker } = this.sources;
    if (type.flags & (ts.TypeFlags.NumberLike | ts.TypeFlags.BooleanLike | ts.TypeFlags.StringLike))
      return { kind: 'number' };
    if (type.isUnion()) {
      const isMaybe = type.types.some((t) => (t.flags & ts.TypeFlags.Undefined) !== 0);
      if (!isMaybe) return this.shapeOfType(type.types[0], at);
      return maybe;
    }
    const element = checker.getIndexTypeOfType(type, ts.IndexKind.Number);
    if (element !== undefined) return { kind: 'array', element: this.shapeOfType(element, at) };
    if (type.symbol.name === 'Blocks') return { kind: 'record', fields: [] };
    const fields = checker
      .getPropertiesOfType(type)
      .map((p): [string, Shape] => [p.name, this.shapeOfType(checker.getTypeOfSymbolAtLocation(p, at), at)]);
    return { kind: 'record', fields };
  }
}

class FunctionTranslation extends Frame {
  /** Where an inlined function leaves its result. */
  private returns: ((value: Abstract) => void)[] = [];
  private result: Shape = { kind: 'number' };
  constructor(
    private readonly translator: Translator,
    private module: Module,
  ) {
    super();
  }

  function({ declaration }: Source): ScalarFunction {
    const { checker } = this.translator.sources;
    const signature = checker.getSignatureFromDeclaration(declaration) as ts.Signature;
    this.result = this.translator.shapeOfType(signature.getReturnType(), declaration);
    for (const parameter of declaration.parameters) {
      const shape = this.translator.shapeOfType(checker.getTypeAtLocation(parameter), parameter);
      const codes = Array.from({ length: sizeOfShape(shape) }, () => String(this.locals++));
      this.bind(parameter.name, assemble(shape, codes));
      if (!isAssigned(declaration, parameter.name.getText())) codes.forEach((code) => this.fixed.add(code));
    }
    const params = this.locals;
    this.returns.push((value) => this.steps.push(['return', leaves(this.as(value, this.result))]));
    this.bodyOf(declaration);
    return { params, locals: this.locals, body: this.steps };
  }

  private bodyOf(declaration: Source['declaration']): void {
    const { body } = declaration;
    if (body === undefined) throw this.unknown(declaration);
    if (ts.isBlock(body)) body.statements.forEach((s) => this.statement(s));
    else (this.returns.at(-1) as (value: Abstract) => void)(this.expression(body));
  }

  private code(node: ts.Expression): Code {
    return this.numberOf(this.expression(node));
  }

  private condition(node: ts.Expression): Code {
    const value = this.expression(node);
    return value.kind === 'condition' ? value.code : ['f64.ne', this.numberOf(value), 0];
  }

  private statement(node: ts.Statement): void {
    if (ts.isBlock(node))
      return void this.steps.push(...this.nested(() => node.statements.forEach((s) => this.statement(s))));
    if (ts.isVariableStatement(node)) return this.declare(node.declarationList);
    if (ts.isExpressionStatement(node)) return void this.expression(node.expression);
    if (ts.isReturnStatement(node)) {
      const value = this.expression(node.expression as ts.Expression);
      return (this.returns.at(-1) as (value: Abstract) => void)(value);
    }
    if (ts.isIfStatement(node)) {
      const condition = this.condition(node.expression);
      const then = this.nested(() => this.statement(node.thenStatement));
      const { elseStatement } = node;
      const otherwise = elseStatement === undefined ? [] : this.nested(() => this.statement(elseStatement));
      return void this.steps.push(['if', condition, then, otherwise]);
    }
    if (ts.isForStatement(node) || ts.isWhileStatement(node)) return this.loop(node);
    if (ts.isBreakStatement(node)) return void this.steps.push(['break']);
    if (ts.isContinueStatement(node)) return void this.steps.push(['continue']);
    throw this.unknown(node);
  }

  private declare(list: ts.VariableDeclarationList): void {
    const isConst = (list.flags & ts.NodeFlags.Const) !== 0;
    for (const { name, initializer } of list.declarations) {
      const value = initializer === undefined ? number(0) : this.expression(initializer);
      this.bind(name, isConst ? this.stored(value) : this.variable(value));
    }
  }

  private loop(node: ts.ForStatement | ts.WhileStatement): void {
    this.scopes.push(new Map<string, Abstract>());
    const { initializer, incrementor, condition } = ts.isForStatement(node)
      ? node
      : { initializer: undefined, incrementor: undefined, condition: node.expression };
    if (initializer !== undefined) {
      if (!ts.isVariableDeclarationList(initializer)) throw this.unknown(node);
      this.declare(initializer);
    }
    const body = this.nested(() => {
      if (condition !== undefined)
        this.steps.push(['if', ['i32.eqz', this.condition(condition)], [['break']], []]);
      this.statement(node.statement);
    });
    const update = this.nested(() => incrementor && this.expression(incrementor));
    this.steps.push(['loop', body, update]);
    this.scopes.pop();
  }

  private expression(node: ts.Expression): Abstract {
    if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isNonNullExpression(node))
      return this.expression(node.expression);
    if (ts.isNumericLiteral(node)) return number(Number(node.text));
    if (ts.isStringLiteral(node)) return number(choice(node.text));
    if (node.kind === ts.SyntaxKind.TrueKeyword) return { kind: 'condition', code: ['i32.one'] };
    if (node.kind === ts.SyntaxKind.FalseKeyword) return { kind: 'condition', code: ['i32.zero'] };
    if (ts.isIdentifier(node)) return this.identifier(node);
    if (ts.isPropertyAccessExpression(node)) return this.property(node);
    if (ts.isElementAccessExpression(node)) return this.element(node);
    if (ts.isCallExpression(node)) return this.call(node);
    if (ts.isPrefixUnaryExpression(node)) return this.prefix(node);
    if (ts.isPostfixUnaryExpression(node)) return this.increment(node.operand, node.operator);
    if (ts.isBinaryExpression(node)) return this.binary(node);
    if (ts.isConditionalExpression(node)) return this.conditional(node);
    if (ts.isArrayLiteralExpression(node))
      return {
        kind: 'record',
        fields: new Map(node.elements.map((e, i) => [String(i), this.expression(e)])),
      };
    if (ts.isObjectLiteralExpression(node)) return this.object(node);
    throw this.unknown(node);
  }

  private identifier(node: ts.Identifier): Abstract {
    const { text } = node;
    const known = this.find(text);
    if (known !== undefined) return known;
    if (text === 'NaN') return number(NaN);
    if (text === 'Infinity') return number(Infinity);
    if (text === 'undefined') return { kind: 'record', fields: new Map([['value', number(0)], ['defined', number(0)]]) }; // prettier-ignore
    const constant = this.translator.constant(this.module, text);
    if (constant === undefined) throw this.unknown(node);
    return constant;
  }

  private property(node: ts.PropertyAccessExpression): Abstract {
    const constant = constantOf(node.getText());
    if (constant !== undefined) return number(constant);
    const { name } =
      node.name.text === 'first' || node.name.text === 'second' ? { name: node.name.text } : { name: '' };
    const owner = this.expression(node.expression);
    if (owner.kind === 'array' && node.name.text === 'length') return number(owner.length);
    if (owner.kind === 'record' && owner.fields.size === 0 && name !== '')
      return number(['uniform', name === 'first' ? 0 : 1]);
    const field = owner.kind === 'record' ? owner.fields.get(node.name.text) : undefined;
    if (field === undefined) throw this.unknown(node);
    return field;
  }

  private element(node: ts.ElementAccessExpression): Abstract {
    const owner = this.expression(node.expression);
    if (owner.kind !== 'array') throw this.unknown(node);
    const index = this.code(node.argumentExpression);
    const size = sizeOfShape(owner.element);
    const offset: Code = typeof index === 'number' ? index * size * 8 : ['*', index, size * 8];
    const [address] = leaves(
      this.stored(number(offset === 0 ? owner.address : ['+', owner.address, offset])),
    );
    return this.stored(
      assemble(
        owner.element,
        Array.from({ length: size }, (_, k): Code => ['at', address, k]),
      ),
    );
  }

  private object(node: ts.ObjectLiteralExpression): Abstract {
    const fields = new Map<string, Abstract>();
    for (const p of node.properties) {
      if (ts.isSpreadAssignment(p)) {
        const spread = this.expression(p.expression);
        if (spread.kind !== 'record') throw this.unknown(p);
        for (const [name, field] of spread.fields) fields.set(name, field);
      } else if (ts.isShorthandPropertyAssignment(p)) fields.set(p.name.text, this.expression(p.name));
      else if (ts.isPropertyAssignment(p)) fields.set(p.name.getText(), this.expression(p.initializer));
      else throw this.unknown(p);
    }
    return { kind: 'record', fields };
  }

  private call(node: ts.CallExpression): Abstract {
    const name = node.expression.getText();
    if (ts.isPropertyAccessExpression(node.expression) && node.expression.name.text === 'load') {
      const [element, attempt] = node.arguments.map((a) => this.code(a));
      this.steps.push(['call', 'philox', [element, attempt], []]);
      return number(0);
    }
    if (name === 'highWord' || name === 'withHighWord')
      return number([name, ...node.arguments.map((a) => this.code(a))]);
    const callee = ts.isIdentifier(node.expression) ? this.translator.lookUp(this.module, name) : undefined;
    if (callee !== undefined)
      return this.invoke(
        callee,
        node.arguments.map((a) => this.stored(this.expression(a))),
      );
    const args = node.arguments.map((a) => leaves(this.stored(number(this.code(a))))[0]);
    const condition = test(name, args);
    if (condition !== undefined) return { kind: 'condition', code: condition };
    const code = builtin(name, args);
    if (code === undefined) throw this.unknown(node);
    return number(code);
  }

  private invoke(callee: Source, args: readonly Abstract[]): Abstract {
    const { declaration } = callee;
    if (this.isInlined(declaration)) {
      const outer = { module: this.module, scopes: this.scopes };
      this.module = callee.module;
      this.scopes = [new Map<string, Abstract>()];
      declaration.parameters.forEach((p, i) => this.bind(p.name, args[i]));
      let result: Abstract | undefined;
      this.returns.push((value) => (result = value));
      this.bodyOf(declaration);
      this.returns.pop();
      Object.assign(this, outer);
      return this.stored(result as Abstract);
    }
    const { checker } = this.translator.sources;
    const signature = checker.getSignatureFromDeclaration(declaration) as ts.Signature;
    const shape = this.translator.shapeOfType(signature.getReturnType(), declaration);
    const given = args.flatMap((arg, i) => {
      const parameter = declaration.parameters[i];
      return leaves(
        this.as(arg, this.translator.shapeOfType(checker.getTypeAtLocation(parameter), parameter)),
      );
    });
    const results = Array.from({ length: sizeOfShape(shape) }, () => this.local());
    this.steps.push(['call', this.translator.translate(callee), given, results]);
    results.forEach((local) => this.fixed.add(String(local)));
    return assemble(shape, results.map(String));
  }

  private isInlined({ body }: Source['declaration']): boolean {
    if (body === undefined || body.getText().length > longestInlined) return false;
    if (!ts.isBlock(body)) return true;
    return body.statements.every(
      (s, i) =>
        (ts.isVariableStatement(s) && (s.declarationList.flags & ts.NodeFlags.Const) !== 0) ||
        (ts.isReturnStatement(s) && i === body.statements.length - 1),
    );
  }

  private prefix(node: ts.PrefixUnaryExpression): Abstract {
    switch (node.operator) {
      case ts.SyntaxKind.MinusToken: {
        const x = this.code(node.operand);
        return number(typeof x === 'number' ? -x : ['f64.neg', x]);
      }
      case ts.SyntaxKind.PlusToken:
        return this.expression(node.operand);
      case ts.SyntaxKind.ExclamationToken:
        return { kind: 'condition', code: ['i32.eqz', this.condition(node.operand)] };
      case ts.SyntaxKind.PlusPlusToken:
      case ts.SyntaxKind.MinusMinusToken:
        return this.increment(node.operand, node.operator);
      case ts.SyntaxKind.TildeToken:
      default:
        throw this.unknown(node);
    }
  }

  /** The new value: none of the functions uses the old one. */
  private increment(operand: ts.Expression, operator: ts.PrefixUnaryOperator): Abstract {
    const target = this.expression(operand);
    const op = operator === ts.SyntaxKind.PlusPlusToken ? '+' : '-';
    this.assign(target, number([op, this.numberOf(target), 1]));
    return target;
  }

  private conditional(node: ts.ConditionalExpression): Abstract {
    const condition = this.condition(node.condition);
    let target: Abstract | undefined;
    const arm = (branch: ts.Expression): Step[] =>
      this.nested(() => {
        const given = this.expression(branch);
        const isMaybe = [node.whenTrue, node.whenFalse].some(isUndefined);
        const value = isMaybe ? this.as(given, maybe) : given;
        target ??= assemble(
          shapeOf(value),
          leaves(value).map(() => String(this.local())),
        );
        this.assign(target, value);
      });
    const then = arm(node.whenTrue);
    const otherwise = arm(node.whenFalse);
    this.steps.push(['if', condition, then, otherwise]);
    const result = target as unknown as Abstract;
    for (const local of leaves(result)) this.fixed.add(local);
    return result;
  }

  private binary(node: ts.BinaryExpression): Abstract {
    const operator = node.operatorToken.kind;
    if (operator === ts.SyntaxKind.EqualsToken) {
      const target = this.expression(node.left);
      this.assign(target, this.expression(node.right));
      return target;
    }
    if (operator === ts.SyntaxKind.AmpersandAmpersandToken || operator === ts.SyntaxKind.BarBarToken)
      return this.logical(node, operator === ts.SyntaxKind.AmpersandAmpersandToken);
    const compound = compounds[operator];
    if (compound !== undefined) {
      const target = this.expression(node.left);
      const value = this.code(node.right);
      this.assign(target, number([compound, this.numberOf(target), value]));
      return target;
    }
    if (isUndefined(node.right)) {
      const given = this.expression(node.left);
      const defined = this.numberOf(
        (given as Extract<Abstract, { kind: 'record' }>).fields.get('defined') as Abstract,
      );
      return {
        kind: 'condition',
        code: [operator === ts.SyntaxKind.ExclamationEqualsEqualsToken ? 'f64.ne' : 'f64.eq', defined, 0],
      };
    }
    const [left, right] = [this.expression(node.left), this.expression(node.right)];
    const comparison = comparisons[operator];
    if (comparison !== undefined)
      return { kind: 'condition', code: [comparison, this.numberOf(left), this.numberOf(right)] };
    const [a, b] = [this.numberOf(left), this.numberOf(right)];
    const arithmetic = operators[operator];
    if (arithmetic !== undefined) {
      if (typeof a === 'number' && typeof b === 'number') return number(fold(arithmetic, a, b));
      return number([arithmetic, a, b]);
    }
    const bits = bitOperators[operator];
    if (bits !== undefined) return number([bits, a, b]);
    if (operator === ts.SyntaxKind.AsteriskAsteriskToken) return this.power(a, b);
    throw this.unknown(node);
  }

  private power(base: Code, exponent: Code): Abstract {
    if (typeof base === 'number' && typeof exponent === 'number') return number(base ** exponent);
    if (exponent !== 2 && exponent !== 3) return number(['math', 'pow', base, exponent]);
    const [x] = leaves(this.stored(number(base)));
    const square: Code = ['*', x, x];
    return number(exponent === 2 ? square : ['*', square, x]);
  }

  private logical(node: ts.BinaryExpression, isAnd: boolean): Abstract {
    const left = this.condition(node.left);
    let right: Code = 0;
    const steps = this.nested(() => {
      right = this.condition(node.right);
    });
    if (steps.length === 0) return { kind: 'condition', code: [isAnd ? 'i32.and' : 'i32.or', left, right] };
    const result = this.local();
    this.steps.push(['set', result, ['f64.convert_i32_s', left]]);
    const rest: Step[] = [...steps, ['set', result, ['f64.convert_i32_s', right]]];
    const holds: Code = ['f64.ne', String(result), 0];
    this.steps.push(['if', holds, isAnd ? rest : [], isAnd ? [] : rest]);
    return { kind: 'condition', code: holds };
  }
}
