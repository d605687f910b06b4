import type { TextPart } from '../plain/write-plain.ts';
import type { AnswerTurn } from './answer-turn.ts';
import type { SpokenMessage } from './messages.ts';

export const templatePart = (text: string): TextPart => ({ text, role: 'template', weight: 1, shorten: undefined });

/**
 * What a template wrote for a content, as parts of the segments that the content is made of. White space that the
 * template took away is taken from the outer segments, what it put around the content goes to them.
 */
export function splitSpan({ message, segments }: SpokenMessage, written: string): TextPart[] {
  const content = message.content ?? '';
  const kept = content.trim();
  const at = written.lastIndexOf(kept);
  if (at < 0) {
    const weight = Math.max(...segments.map((segment) => segment.weight ?? 1));
    return [{ text: written, role: segments.at(-1)?.role ?? 'assistant', weight, shorten: undefined }];
  }
  // Where the content would begin if all of it had been written.
  const origin = at - content.indexOf(kept);
  let end = origin;
  return segments.map(({ role, text, weight = 1, shorten }, i) => {
    const from = i === 0 ? 0 : Math.max(0, end);
    end += text.length;
    const to = i === segments.length - 1 ? written.length : Math.max(0, Math.min(end, written.length));
    return { text: written.slice(from, to), role, weight, shorten };
  });
}

/**
 * An answer as parts: its words, which are tokenized as a recipe's answers are, and the special tokens that end it apart.
 * Nothing of it is ever cut.
 */
export function answerParts(spoken: SpokenMessage, text: string, { from, end, to }: AnswerTurn): TextPart[] {
  const weight = spoken.segments.at(-1)?.weight ?? 1;
  const ending: TextPart = { text: text.slice(end, to), role: 'assistant', weight, shorten: undefined };
  const words = splitSpan(spoken, text.slice(from, end)).map((part) => ({ ...part, shorten: undefined }));
  return [...words, ending];
}

/**
 * The same parts with template texts that meet as one, and nothing empty. A space before a text goes to the text:
 * tokenizers write the two as one token, and did so when the model was made.
 */
export function joinTemplate(parts: readonly TextPart[]): TextPart[] {
  const joined: TextPart[] = [];
  for (const part of parts) {
    if (part.text === '') continue;
    const before = joined.at(-1);
    if (before?.role !== 'template' || before.text === undefined || part.text === undefined) joined.push(part);
    else if (part.role === 'template') joined[joined.length - 1] = templatePart(before.text + part.text);
    else if (part.role !== 'assistant' && before.text.endsWith(' ') && !/^\s/.test(part.text)) {
      joined.splice(-1, 1, templatePart(before.text.slice(0, -1)), { ...part, text: ` ${part.text}` });
    } else joined.push(part);
  }
  return joined.filter(({ text }) => text !== '');
}
