import type { PlainLayout, RenderedExample, Segment } from '../../recipe/recipe.ts';
import { continues } from '../chat/messages.ts';
import type { TokenRoleName } from '../example.ts';
import { refuseUnwritten } from './refuse-unwritten.ts';

/**
 * A stretch of text that is tokenized by itself; `text` is undefined for a token of the tokenizer's own: BOS in a part
 * of the role `bos`, the end-of-sequence token in any other.
 */
export interface TextPart {
  readonly text: string | undefined;
  readonly role: TokenRoleName;
  /** The segment's own weight, 1 for template text. */
  readonly weight: number;
  readonly shorten: 'start' | 'end' | undefined;
}

/** Prompt and completion as parts. */
export interface WrittenExample {
  readonly prompt: readonly TextPart[];
  readonly completion: readonly TextPart[];
}

/**
 * An example in the plain layout; one without a completion is one to generate for.
 * @throws {UserError} `row-invalid` where it says what the layout can't write
 */
export function writePlain(rendered: RenderedExample, layout: PlainLayout, where: string): WrittenExample {
  refuseUnwritten(rendered, where);
  const { prompt, completion } = rendered;
  const bos: TextPart = { text: undefined, role: 'bos', weight: 0, shorten: undefined };
  return {
    prompt: [bos, ...promptParts(prompt, layout)],
    completion: completion.length === 0 ? [] : completionParts(completion),
  };
}

/**
 * The prompt as parts, in the plain layout: consecutive segments of one role make a turn, with the layout's text
 * around it, and an assistant's turn ends with an end-of-sequence token. The last part is what precedes the
 * completion. Template texts that meet are one part; nothing empty is written.
 */
function promptParts(prompt: readonly Segment[], layout: PlainLayout): TextPart[] {
  const parts: TextPart[] = [];
  let template = '';
  const writeTemplate = () => {
    if (template !== '') parts.push({ text: template, role: 'template', weight: 1, shorten: undefined });
    template = '';
  };
  for (const [i, segment] of prompt.entries()) {
    const { role, text } = segment;
    const previous = prompt[i - 1];
    if (!previous || !continues(previous, segment)) template += layout[role].before;
    if (text !== '') {
      writeTemplate();
      parts.push(partOf(segment));
    }
    const next = prompt[i + 1];
    if (next && continues(segment, next)) continue;
    if (role === 'assistant') {
      writeTemplate();
      parts.push({ ...partOf(segment), text: undefined });
    }
    template += layout[role].after;
  }
  template += layout.assistant.before;
  writeTemplate();
  return parts;
}

/** The completion as parts: all of it is the assistant's, and it ends with an end-of-sequence token. */
function completionParts(completion: readonly Segment[]): TextPart[] {
  const spoken = completion.map((segment) => partOf({ ...segment, role: 'assistant' }));
  const end: TextPart = {
    text: undefined,
    role: 'assistant',
    weight: completion.at(-1)?.weight ?? 1,
    shorten: undefined,
  };
  return [...spoken.filter((part) => part.text !== ''), end];
}

/** What the assistant said is never cut: its end is learnt, and half an answer does not end there. */
function partOf({ role, text, weight = 1, shorten }: Segment): TextPart {
  return { text, role, weight, shorten: role === 'assistant' ? undefined : shorten };
}
