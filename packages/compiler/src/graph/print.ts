/** Graphs as text, for snapshots and for people. */
import type { AttrValue, Attrs, NumericArray } from '@pyro-ts/ops';
import type { Graph, GraphNode, ValueId } from './graph';

const dtypeNames = { float: 'f', int: 'i', bool: 'b' } as const;

function attrText(value: AttrValue): string {
  if (Array.isArray(value)) return `[${value.map(attrText).join(',')}]`;
  if (typeof value === 'object' && value !== null) return `{${attrsText(value as Attrs)}}`;
  return String(value);
}

function attrsText(attrs: Attrs): string {
  return Object.entries(attrs)
    .map(([name, value]) => `${name}=${attrText(value)}`)
    .join(' ');
}

function dataText(data: NumericArray): string {
  const shown = Array.from(data.subarray(0, 4), String).join(', ');
  return data.length > 4 ? `${shown}, … (${data.length})` : shown;
}

/** One line a value: `%7: f[3] = Add %5 %6  @site`. */
export function toText(graph: Graph, indent = ''): string {
  const ref = (value: ValueId): string => `%${value}`;
  const type = (value: ValueId): string => {
    const { dtype, shape } = graph.values[value];
    return `${ref(value)}: ${dtypeNames[dtype]}[${shape.join(',')}]`;
  };
  const nodeText = (node: GraphNode): string => {
    const attrs = attrsText(node.attrs);
    const parts = [node.kernel, ...node.inputs.map(ref), ...(attrs === '' ? [] : [`{${attrs}}`])];
    const label = node.label === undefined ? '' : `  @${node.label}`;
    const head = `${indent}${node.outputs.map(type).join(', ')} = ${parts.join(' ')}${label}`;
    const bodies = Object.entries(node.subgraphs ?? {}).map(
      ([name, body]) => `${indent}  ${name}:\n${toText(body, `${indent}    `)}`,
    );
    return [head, ...bodies].join('\n');
  };
  return [
    ...graph.inputs.map(({ name, value }) => `${indent}${type(value)} = input ${name}`),
    ...[...graph.constants].map(([value, data]) => `${indent}${type(value)} = constant ${dataText(data)}`),
    ...graph.nodes.map(nodeText),
    `${indent}return ${graph.outputs.map(ref).join(' ')}`,
  ].join('\n');
}
