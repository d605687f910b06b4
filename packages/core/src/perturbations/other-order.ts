import { type Random, shuffled } from '../random.ts';
import type { RenderedExample, Segment } from '../recipe/recipe.ts';
import type { Perturbed } from './perturbation.ts';

/**
 * Parts of the prompt whose order says nothing in another order, and items of a text in theirs. Everything between them
 * stays where it is.
 */
export function otherOrder(example: RenderedExample, random: Random): Perturbed | undefined {
  const changes: string[] = [];
  const texts = example.prompt.map((segment) => {
    const text = itemsInOtherOrder(segment, random);
    if (text === undefined) return segment;
    changes.push(text.trim());
    return { ...segment, text };
  });
  const prompt = runsOf(texts).flatMap((parts) => {
    const moved = otherwise(parts, partText, random);
    if (!moved) return parts.flat();
    changes.push(moved.map(([first]) => (first as Segment).freedom?.part).join(', '));
    return moved.flat();
  });
  return changes.length === 0 ? undefined : { example: { ...example, prompt }, change: changes.join('; ') };
}

/** The segment's text with its items in another order; undefined where there is none. */
function itemsInOtherOrder({ text, freedom }: Segment, random: Random): string | undefined {
  const items = freedom?.items ?? [];
  const places = placesOf(items, text);
  const moved = places && otherwise(items, (item) => item, random);
  if (!moved) return undefined;
  let written = '';
  let end = 0;
  for (const [i, at] of places.entries()) {
    written += text.slice(end, at) + moved[i];
    end = at + (items[i] as string).length;
  }
  return written + text.slice(end);
}

/**
 * Where the items begin, one after the other; undefined where they do not stand there. From the end of the text, since
 * what introduces a list may have one of its words.
 */
export function placesOf(items: readonly string[], text: string): number[] | undefined {
  const places: number[] = [];
  let end = text.length;
  for (const item of items.toReversed()) {
    const at = item.length > end ? -1 : text.lastIndexOf(item, end - item.length);
    if (at < 0 || item === '') return undefined;
    places.unshift(at);
    end = at;
  }
  return places;
}

/** Another order of the same things; undefined where they are all alike. */
function otherwise<T>(things: readonly T[], textOf: (thing: T) => string, random: Random): T[] | undefined {
  if (new Set(things.map(textOf)).size < 2) return undefined;
  const isOther = (order: readonly T[]) => order.some((thing, i) => textOf(thing) !== textOf(things[i] as T));
  const order = shuffled(things, random);
  if (isOther(order)) return order;
  // Not all are alike, so that moving each by one place changes something.
  return [...things.slice(1), ...things.slice(0, 1)];
}

const partText = (part: readonly Segment[]): string => part.map(({ text }) => text).join('');

/** The prompt in runs of parts that may change places; what belongs to no part is a run by itself. */
function runsOf(prompt: readonly Segment[]): Segment[][][] {
  const runs: Segment[][][] = [];
  let open: string | undefined;
  for (const segment of prompt) {
    const part = segment.freedom?.part;
    const run = runs.at(-1);
    if (part === undefined || open === undefined || !run) runs.push([[segment]]);
    else if (part === open) run.at(-1)?.push(segment);
    else run.push([segment]);
    open = part;
  }
  return runs;
}
