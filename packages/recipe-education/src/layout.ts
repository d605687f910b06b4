import type { PlainLayout, Segment } from '@counterweight/core/recipe';

/** Nothing but line breaks: the words of a task say who speaks. */
export const layout: PlainLayout = {
  system: { before: '', after: '\n' },
  user: { before: '', after: '\n' },
  assistant: { before: '', after: '\n' },
  tool: { before: '', after: '\n' },
};

/** A completion, or none where the row has no answer. */
export function completionOf(answer: string | undefined): readonly Segment[] {
  return answer ? [{ role: 'assistant', text: answer }] : [];
}

/** Work and conversations lose their beginning where they are too long: what counts is the last step. */
export function workSegments(work: string | undefined): readonly Segment[] {
  if (work === undefined) return [];
  // Not the student's own slips: one more would be something else to speak of.
  const freedom = { part: 'work' };
  return [
    { role: 'user', text: 'Work so far:\n', freedom },
    { role: 'user', text: work, shorten: 'start', freedom },
    { role: 'user', text: '\n', freedom },
  ];
}
