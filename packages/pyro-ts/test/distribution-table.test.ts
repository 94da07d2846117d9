/**
 * The table of docs/distributions.md is the registry's. `UPDATE_DOCS=1 npx jest distribution-table` writes it anew.
 */
import { families, type AnyFactory } from '@pyro-ts/distributions';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { familyCases } from '../../distributions/test/family-cases';

const page = join(__dirname, '..', '..', '..', 'docs', 'distributions.md');
const [begin, end] = ['<!-- table: begin -->', '<!-- table: end -->'];

type Spec = Extract<AnyFactory['parameters'][number], { readonly name: string }>;

const constraintOf = ({ constraint }: Spec): string =>
  constraint === undefined ? '' : typeof constraint === 'function' ? ' (depends)' : ` ${String(constraint)}`;

/** `loc = 0`, `scale positive`, `probs | logits`. */
function parameterText(entry: AnyFactory['parameters'][number]): string {
  if ('alternatives' in entry)
    return entry.alternatives.map((p) => `\`${p.name}\`${constraintOf(p)}`).join(' or ');
  const value = entry.defaultValue;
  const isShown = typeof value === 'number' || typeof value === 'boolean';
  const absent = isShown ? ` = ${String(value)}` : entry.need === 'optional' ? '?' : '';
  return `\`${entry.name}${absent}\`${constraintOf(entry)}`;
}

function row(name: string, factory: AnyFactory): string {
  const example = familyCases.find(({ family }) => family === name);
  const distribution = example && factory(example.params);
  const support = distribution?.support.toString().replaceAll(/Tensor\[[\d, ]*\]/g, '…') ?? 'as its parts';
  const marks = [
    ...(distribution?.hasRsample === true ? ['pathwise'] : []),
    ...(distribution?.hasEnumerateSupport === true ? ['enumerable'] : []),
  ];
  const cells = [
    `\`${name}\``,
    factory.parameters.map(parameterText).join(', '),
    `\`${support}\``,
    marks.join(', '),
    factory.description,
  ];
  return `| ${cells.join(' | ')} |`;
}

it('docs/distributions.md lists every family as the registry has it', () => {
  const rows = [...families].map(([name, factory]) => row(name, factory));
  const table = [
    '| family | parameters | support | draws | what it is |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
  const text = readFileSync(page, 'utf8');
  const [from, to] = [text.indexOf(begin) + begin.length, text.indexOf(end)];
  if (process.env['UPDATE_DOCS'] !== undefined) {
    writeFileSync(page, `${text.slice(0, from)}\n\n<!-- prettier-ignore -->\n${table}\n\n${text.slice(to)}`);
  } else expect(text.slice(from, to).trim()).toBe(`<!-- prettier-ignore -->\n${table}`);
});
