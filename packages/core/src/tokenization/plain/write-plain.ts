import type { PlainLayout, RenderedExample, Segment } from '../../recipe/recipe.ts';
import { continues } from '../chat/messages.ts';
import type { TokenRoleName } from '../example.ts';

/**
 * A stretch of text that is tokenized by itself; `text` is undefined for a token of the tokenizer's own: BOS in a piece
 * of the role `bos`, the end-of-sequence token in any other.
 */
export interface TextPart {
  readonly text: string | undefined;
  readonly role: TokenRoleName;
  /** The segment's own weight, 1 for template text. */
  readonly weight: number;
  readonly shorten: 'start' | 'end' | undefined;
}

/** Prompt and completion as pieces. */
export interface WrittenExample {
  readonly prompt: readonly TextPart[];
  readonly completion: readonly TextPart[];
}

/** An example in the plain layout; one without a completion is one to generate for. */
export function writePlain({ prompt, completion }: RenderedExample, layout: PlainLayout): WrittenExample {
  const bos: TextPart = { text: undefined, role: 'bos', weight: 0, shorten: undefined };
  return {
    prompt: [bos, ...promptPieces(prompt, layout)],
    completion: completion.length === 0 ? [] : completionPieces(completion),
  };
}

/**
 * The prompt as pieces, in the plain layout: consecutive segments of one role make a turn, with the layout's text
 * around it, and an assistant's turn ends with an end-of-sequence token. The last piece is what precedes the
 * completion. Template texts that meet are one piece; nothing empty is written.
 */
function promptPieces(prompt: readonly Segment[], layout: PlainLayout): TextPart[] {
  const pieces: TextPart[] = [];
  let template = '';
  const writeTemplate = () => {
    if (template !== '') pieces.push({ text: template, role: 'template', weight: 1, shorten: undefined });
    template = '';
  };
  for (const [i, segment] of prompt.entries()) {
    const { role, text } = segment;
    const previous = prompt[i - 1];
    if (!previous || !continues(previous, segment)) template += layout[role].before;
    if (text !== '') {
      writeTemplate();
      pieces.push(pieceOf(segment));
    }
    const next = prompt[i + 1];
    if (next && continues(segment, next)) continue;
    if (role === 'assistant') {
      writeTemplate();
      pieces.push({ ...pieceOf(segment), text: undefined });
    }
    template += layout[role].after;
  }
  template += layout.assistant.before;
  writeTemplate();
  return pieces;
}

/** The completion as pieces: all of it is the assistant's, and it ends with an end-of-sequence token. */
function completionPieces(completion: readonly Segment[]): TextPart[] {
  const spoken = completion.map((segment) => pieceOf({ ...segment, role: 'assistant' }));
  const end: TextPart = {
    text: undefined,
    role: 'assistant',
    weight: completion.at(-1)?.weight ?? 1,
    shorten: undefined,
  };
  return [...spoken.filter((piece) => piece.text !== ''), end];
}

/** What the assistant said is never cut: its end is learnt, and half an answer does not end there. */
function pieceOf({ role, text, weight = 1, shorten }: Segment): TextPart {
  return { text, role, weight, shorten: role === 'assistant' ? undefined : shorten };
}
