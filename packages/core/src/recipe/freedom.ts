import type { Freedom, RenderedExample, Segment } from './recipe.ts';

/** The phrasing that every recipe has: what its segments say. */
export const DEFAULT_PHRASING = 'default';
/** The phrasing that nothing is trained on. */
export const HELD_OUT_PHRASING = 'heldOut';

/** The names of all phrasings of a row's instruction, the default first; none where it has one way to say it only. */
export function phrasingsOf({ prompt }: RenderedExample): string[] {
  const names = new Set(prompt.flatMap(({ phrasings }) => Object.keys(phrasings ?? {})));
  return names.size === 0 ? [] : [DEFAULT_PHRASING, ...names];
}

/** Those of them that may be trained on. */
export const trainedPhrasings = (rendered: RenderedExample): string[] =>
  phrasingsOf(rendered).filter((name) => name !== HELD_OUT_PHRASING);

/** The same row with its instruction in other words. Segments that have no phrasing of that name stay as they are. */
export function inPhrasing(rendered: RenderedExample, name: string): RenderedExample {
  return { ...rendered, prompt: rendered.prompt.map((one) => ({ ...one, text: one.phrasings?.[name] ?? one.text })) };
}

/** The same words, where each segment says itself how it may be written. */
export function withOwnFreedom({ freedom, ...rendered }: RenderedExample): RenderedExample {
  if (!freedom) return rendered;
  const isOpen = (one: Segment) => one.role === 'user' && !one.freedom && !one.phrasings;
  return { ...rendered, prompt: rendered.prompt.map((one) => (isOpen(one) ? { ...one, freedom } : one)) };
}

/** A row's words with nothing beside them that says how else they could be put. */
export function withoutFreedom({ freedom: _, ...rendered }: RenderedExample): RenderedExample {
  return { ...rendered, prompt: rendered.prompt.map(ownWords) };
}

const ownWords = ({ phrasings: _, freedom: __, ...segment }: Segment): Segment => segment;

/** What people say to a model, of which nothing more is known: capitals and a slip seldom change what they ask for. */
export const anybodysWords: Freedom = { case: true, typing: true };
