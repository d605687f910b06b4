import { completeNumber } from './number-literal.ts';
import type { CompiledSchema, Property, ValueNode } from './value-node.ts';

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

/** Bytes of the shortest text of each node: from infinite down, until nothing is shorter any more. */
export function shortestTexts(schema: CompiledSchema): readonly number[] {
  const least = schema.map(() => Infinity);
  for (let changed = true; changed; ) {
    changed = false;
    for (const [at, node] of schema.entries()) {
      const own = shortestOf(node, least);
      if (own < (least[at] as number)) [least[at], changed] = [own, true];
    }
  }
  return least;
}

function shortestOf(node: ValueNode, least: readonly number[]): number {
  switch (node.kind) {
    case 'object': {
      const ofProperty = ({ name, value }: Property) => bytesOf(JSON.stringify(name)) + 1 + (least[value] as number);
      const required = node.properties.filter(({ isRequired }) => isRequired);
      const commas = Math.max(0, required.length - 1);
      return 2 + commas + required.reduce((sum, own) => sum + ofProperty(own), 0);
    }
    case 'record':
      return 2;
    case 'array':
      if (node.least > node.most) return Infinity;
      return node.least === 0 ? 2 : node.least * ((least[node.items] as number) + 1) + 1;
    case 'string':
      return node.least > node.most ? Infinity : node.least + 2;
    case 'number':
      return completeNumber('', node.range)?.length ?? Infinity;
    case 'literals':
      return Math.min(...node.texts.map(bytesOf));
    case 'any-of':
      return Math.min(...node.options.map((option) => least[option] as number));
  }
}
