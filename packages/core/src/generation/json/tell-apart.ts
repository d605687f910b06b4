import type { ValueNode } from './value-node.ts';

/** Whether a value can fit one of the options at most. */
export function areApart(options: readonly number[], nodes: readonly ValueNode[]): boolean {
  const plain = options.map((option) => leavesOf(option, nodes, new Set()));
  return plain.every((own, i) =>
    plain.slice(i + 1).every((others) => own.every((a) => others.every((b) => cannotBeBoth(a, b, nodes)))),
  );
}

/** What is left of a node without its choices. */
function leavesOf(at: number, nodes: readonly ValueNode[], seen: Set<number>): ValueNode[] {
  const node = nodes[at] as ValueNode;
  if (node.kind !== 'any-of') return [node];
  if (seen.has(at)) return [];
  seen.add(at);
  return node.options.flatMap((option) => leavesOf(option, nodes, seen));
}

function cannotBeBoth(a: ValueNode, b: ValueNode, nodes: readonly ValueNode[]): boolean {
  if (a.kind === 'literals' && b.kind === 'literals') return !a.texts.some((text) => b.texts.includes(text));
  if (a.kind === 'object' && b.kind === 'object') {
    return a.properties.some((own) => {
      const other = b.properties.find(({ name }) => name === own.name);
      if (!other || !own.isRequired || !other.isRequired) return false;
      return areApart([own.value, other.value], nodes);
    });
  }
  const [types, others] = [jsonTypesOf(a), jsonTypesOf(b)];
  return !types.some((type) => others.includes(type));
}

const jsonTypesOf = (node: ValueNode): string[] => {
  if (node.kind === 'literals') return node.texts.map((text) => jsonTypeOf(JSON.parse(text)));
  return [node.kind === 'record' ? 'object' : node.kind];
};

export const jsonTypeOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
