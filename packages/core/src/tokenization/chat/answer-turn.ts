import { endingOf, lengthOfEnding, type Span } from '../../tokenizer/turn-end.ts';
import { withoutEnd } from '../../tokenizer/without-end.ts';
import { answerTexts } from './answer-texts.ts';
import type { ChatRow } from './chat-row.ts';

/** Where an answer stands in a text, in characters: what generation would write. */
export interface AnswerTurn extends Span {
  /** Where its words end, and what ends it begins: special tokens, or the template's own words. */
  readonly end: number;
  /** Whether a special token ends it, at which generation stops. */
  readonly isEnded: boolean;
}

/**
 * Where an assistant's turn stands in the text of a conversation: from the end of what asks for it to the token at which
 * generation stops.
 *
 *     conversation up to the turn, asked for an answer   …<|im_start|>assistant\n
 *     conversation with the turn as its last             …<|im_start|>assistant\nYes.<|im_end|>\n
 *     what generation writes                                                     Yes.<|im_end|>
 *
 * Where a template ends answers with words, generation writes those as well.
 *
 * @returns undefined where the text is not the one in which generation would write this answer: the template rewrites
 * what stands before it, or the answer itself when the conversation goes on
 */
export function answerTurn(row: ChatRow, place: number, text: string): AnswerTurn | undefined {
  const texts = answerTexts(row, place);
  if (texts === undefined || !text.startsWith(texts.asked)) return undefined;
  const from = texts.asked.length;
  const [alone, rest] = [texts.own.slice(from), text.slice(from)];
  const ending = endingOf(alone, row.template);
  const words = ending ? alone.slice(0, ending.from) : withoutEnd(alone, row.template.endWords);
  const written = !ending && rest.startsWith(alone) ? alone : words;
  if (!rest.startsWith(written)) return undefined;
  const own = ending ? alone.slice(ending.from, ending.to) : '';
  const length = lengthOfEnding(own, rest.slice(written.length), row.template);
  return { from, end: from + words.length, to: from + written.length + length, isEnded: length > 0 };
}
