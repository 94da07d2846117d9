/** Facts of the syntax: what operators become, and what to look for in trees. */
import ts from 'typescript';
import type { Shape } from './values';

export const isUndefined = (e: ts.Expression): boolean => ts.isIdentifier(e) && e.text === 'undefined';

/** `number | undefined`. */
export const maybe: Shape = {
  kind: 'record',
  fields: [
    ['value', { kind: 'number' }],
    ['defined', { kind: 'number' }],
  ],
};

/** Whether a function assigns to a name. */
export function isAssigned(node: ts.Node, name: string): boolean {
  const isIt = (e: ts.Node): boolean => ts.isIdentifier(e) && e.text === name;
  const assigns =
    (ts.isBinaryExpression(node) && isIt(node.left) && /^[-+*/]?=$/.test(node.operatorToken.getText())) ||
    ((ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) &&
      isIt(node.operand) &&
      [ts.SyntaxKind.PlusPlusToken, ts.SyntaxKind.MinusMinusToken].includes(node.operator));
  return assigns || (ts.forEachChild(node, (child) => isAssigned(child, name)) ?? false);
}

export const operators: Partial<Record<ts.SyntaxKind, string>> = {
  [ts.SyntaxKind.PlusToken]: '+',
  [ts.SyntaxKind.MinusToken]: '-',
  [ts.SyntaxKind.AsteriskToken]: '*',
  [ts.SyntaxKind.SlashToken]: '/',
};

export const compounds: Partial<Record<ts.SyntaxKind, string>> = {
  [ts.SyntaxKind.PlusEqualsToken]: '+',
  [ts.SyntaxKind.MinusEqualsToken]: '-',
  [ts.SyntaxKind.AsteriskEqualsToken]: '*',
  [ts.SyntaxKind.SlashEqualsToken]: '/',
};

export const comparisons: Partial<Record<ts.SyntaxKind, string>> = {
  [ts.SyntaxKind.LessThanToken]: 'f64.lt',
  [ts.SyntaxKind.LessThanEqualsToken]: 'f64.le',
  [ts.SyntaxKind.GreaterThanToken]: 'f64.gt',
  [ts.SyntaxKind.GreaterThanEqualsToken]: 'f64.ge',
  [ts.SyntaxKind.EqualsEqualsEqualsToken]: 'f64.eq',
  [ts.SyntaxKind.ExclamationEqualsEqualsToken]: 'f64.ne',
};

/** On unsigned words. */
export const bitOperators: Partial<Record<ts.SyntaxKind, string>> = {
  [ts.SyntaxKind.AmpersandToken]: 'word.and',
  [ts.SyntaxKind.BarToken]: 'word.or',
  [ts.SyntaxKind.GreaterThanGreaterThanGreaterThanToken]: 'word.shr',
  [ts.SyntaxKind.LessThanLessThanToken]: 'word.shl',
};

export function fold(op: string, a: number, b: number): number {
  switch (op) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    default:
      return a / b;
  }
}
