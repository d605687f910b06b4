import type { Statement } from './nodes.ts';

type Block = Extract<Statement, { type: 'block' }>;

/** All blocks of a template, those within others too. */
export function blocksIn(node: unknown): Block[] {
  if (Array.isArray(node)) return node.flatMap(blocksIn);
  if (typeof node !== 'object' || node === null) return [];
  const inner = Object.values(node).flatMap((one) => (typeof one === 'object' ? blocksIn(one) : []));
  return isBlock(node) ? [node, ...inner] : inner;
}

const isBlock = (node: object): node is Block => 'type' in node && node.type === 'block';
