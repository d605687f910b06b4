import type { ChatTemplate, RenderedChat } from '../../tokenizer/chat-template.ts';
import type { TextPart } from '../plain/write-plain.ts';
import type { SpokenMessage } from './messages.ts';

/** From and to, in characters. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export const templatePiece = (text: string): TextPart => ({ text, role: 'template', weight: 1, shorten: undefined });

/**
 * What a template wrote for a content, as pieces of the segments that the content is made of. White space that the
 * template took away is taken from the outer segments, what it put around the content goes to them.
 */
export function splitSpan({ message, segments }: SpokenMessage, written: string): TextPart[] {
  const { content } = message;
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
 * What a template wrote for an assistant's turn, after what asks for it: everything up to the special token that ends
 * the turn is the assistant's, with that token; what follows is template text. Where the template marks what is
 * generated, its marks decide.
 * @param chat the text of the turn, with the marks that lie in it
 */
export function splitAnswer(spoken: SpokenMessage, chat: RenderedChat, template: ChatTemplate): TextPart[] {
  const { text, generated } = chat;
  const spans = generated ?? [[0, endOfAnswer(spoken, text, template)] as const];
  const pieces: TextPart[] = [];
  let at = 0;
  for (const [from, to] of spans) {
    pieces.push(templatePiece(text.slice(at, from)), ...answerPieces(spoken, text.slice(from, to), template));
    at = to;
  }
  return joinTemplate([...pieces, templatePiece(text.slice(at))]);
}

/** The words and the special token that ends them apart, so that the words are tokenized as a recipe's answers are. */
function answerPieces(spoken: SpokenMessage, text: string, template: ChatTemplate): TextPart[] {
  const last = template.lastSpecial(text);
  const end = last && last.to >= text.trimEnd().length ? last.from : text.length;
  const weight = spoken.segments.at(-1)?.weight ?? 1;
  const ending = { text: text.slice(end), role: 'assistant' as const, weight, shorten: undefined };
  return [...splitSpan(spoken, text.slice(0, end)).map(notShortened), ending];
}

const notShortened = (piece: TextPart): TextPart => ({ ...piece, shorten: undefined });

function endOfAnswer({ message }: SpokenMessage, text: string, template: ChatTemplate): number {
  const { endOfTurn } = template;
  const special = (endOfTurn && template.lastSpecial(text, endOfTurn)) || template.lastSpecial(text);
  if (special) return special.to;
  // Nothing but text: the turn ends with its content.
  const kept = message.content.trim();
  const content = kept === '' ? -1 : text.lastIndexOf(kept);
  return content < 0 ? text.length : content + kept.length;
}

/** The marks that lie between two places of a text, and the text between them. */
export function cutChat({ text, generated }: RenderedChat, { from, to }: Span): RenderedChat {
  const inside = generated?.flatMap(([a, b]) => {
    const span = [Math.max(a, from) - from, Math.min(b, to) - from] as const;
    return span[1] > span[0] ? [span] : [];
  });
  return { text: text.slice(from, to), generated: inside };
}

/**
 * The same pieces with template texts that meet as one, and nothing empty. A space before a text goes to the text:
 * tokenizers write the two as one token, and did so when the model was made.
 */
export function joinTemplate(pieces: readonly TextPart[]): TextPart[] {
  const joined: TextPart[] = [];
  for (const piece of pieces) {
    if (piece.text === '') continue;
    const before = joined.at(-1);
    if (before?.role !== 'template' || before.text === undefined || piece.text === undefined) joined.push(piece);
    else if (piece.role === 'template') joined[joined.length - 1] = templatePiece(before.text + piece.text);
    else if (piece.role !== 'assistant' && before.text.endsWith(' ') && !/^\s/.test(piece.text)) {
      joined.splice(-1, 1, templatePiece(before.text.slice(0, -1)), { ...piece, text: ` ${piece.text}` });
    } else joined.push(piece);
  }
  return joined.filter(({ text }) => text !== '');
}
