import type { PlainLayout, Segment } from '../recipe/recipe.ts';
import type { TokenClass } from './example.ts';

/** A stretch of text that is tokenized by itself; `text` is undefined for an end-of-sequence token. */
export interface Piece {
  readonly text: string | undefined;
  readonly class: TokenClass;
  /** The segment's own weight, 1 for template text. */
  readonly weight: number;
  readonly shorten: 'start' | 'end' | undefined;
}

/**
 * The prompt as pieces, in the plain layout: consecutive segments of one role make a turn, with the layout's text
 * around it, and an assistant's turn ends with an end-of-sequence token. The last piece is what precedes the
 * completion. Template texts that meet are one piece; nothing empty is written.
 */
export function promptPieces(prompt: readonly Segment[], layout: PlainLayout): Piece[] {
  const pieces: Piece[] = [];
  let template = '';
  const writeTemplate = () => {
    if (template !== '') pieces.push({ text: template, class: 'template', weight: 1, shorten: undefined });
    template = '';
  };
  for (const [i, segment] of prompt.entries()) {
    const { role, text } = segment;
    if (prompt[i - 1]?.role !== role) template += layout[role].before;
    if (text !== '') {
      writeTemplate();
      pieces.push(pieceOf(segment));
    }
    if (prompt[i + 1]?.role === role) continue;
    if (role === 'assistant') {
      writeTemplate();
      pieces.push({ ...pieceOf(segment), text: undefined, shorten: undefined });
    }
    template += layout[role].after;
  }
  template += layout.assistant.before;
  writeTemplate();
  return pieces;
}

/** The completion as pieces: all of it is the assistant's, and it ends with an end-of-sequence token. */
export function completionPieces(completion: readonly Segment[]): Piece[] {
  const spoken = completion.map((segment) => ({
    ...pieceOf(segment),
    class: 'assistant' as const,
    shorten: undefined,
  }));
  const end: Piece = {
    text: undefined,
    class: 'assistant',
    weight: completion.at(-1)?.weight ?? 1,
    shorten: undefined,
  };
  return [...spoken.filter((piece) => piece.text !== ''), end];
}

function pieceOf({ role, text, weight = 1, shorten }: Segment): Piece {
  return { text, class: role, weight, shorten };
}
