import type { Environment, Template } from '@huggingface/jinja';
import type { TemplateBudget } from './template-budget.ts';

type Node = Record<string, unknown> & { readonly type?: string };
/** A value of the package at run time. */
interface Value {
  readonly type: string;
  readonly value: unknown;
}

/** The name of the function that loops go through; no template has one of that name. */
const ITEMS = '__items';

/**
 * Python loops over the characters of a string, and over nothing where a value is undefined; the Jinja package throws.
 * Templates rely on it: several ask of every element of a content whether it is an image, also where the content is a
 * string. Every loop of the parsed template is made to go over what {@link declareItems} gives.
 */
export function loopLikePython(template: Template): Template {
  visit(template.parsed as unknown as Node);
  return template;
}

function visit(node: unknown): void {
  if (Array.isArray(node)) for (const item of node) visit(item);
  else if (node instanceof Map) for (const entry of node) visit(entry);
  else if (typeof node === 'object' && node !== null) {
    for (const child of Object.values(node)) visit(child);
    const { type, iterable } = node as Node;
    if (type !== 'For') return;
    const selected = iterable as Node;
    if (selected.type === 'SelectExpression') selected.lhs = itemsOf(selected.lhs);
    else (node as Node).iterable = itemsOf(iterable);
  }
}

const itemsOf = (expression: unknown): Node => ({
  type: 'CallExpression',
  callee: { type: 'Identifier', value: ITEMS },
  args: [expression],
});

/** Declares what loops go over; every element is a step of the budget. */
export function declareItems(environment: Environment, budget: TemplateBudget): void {
  // The package turns a function's arguments into plain values; this one has to see them as they are.
  const declared = environment.set(ITEMS, () => null) as unknown as { value: (args: readonly Value[]) => Value };
  const listOf = (items: readonly string[]) =>
    new (Object.getPrototypeOf(list).constructor)(items.map(textOf)) as Value;
  const list = environment.set(`${ITEMS}_list`, ['']) as unknown as { value: readonly Value[] };
  const textOf = (text: string): Value => new (Object.getPrototypeOf(list.value[0]).constructor)(text);
  declared.value = ([value]) => {
    budget.spendTurns(lengthOf(value?.value));
    if (value?.type === 'StringValue') return listOf([...(value.value as string)]);
    return value === undefined || value.type === 'UndefinedValue' ? listOf([]) : value;
  };
}

function lengthOf(value: unknown): number {
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  return value instanceof Map ? value.size : 0;
}
