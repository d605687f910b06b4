import { withoutEnd } from '../../tokenizer/probe-template.ts';
import { endingOf, lengthOfEnding, type Span } from '../../tokenizer/turn-end.ts';
import { attempt, type ChatRow, render } from './chat-row.ts';
import { isSaid, type SpokenMessage } from './messages.ts';

/** Where an answer stands in a text, in characters: what generation would write. */
export interface AnswerTurn extends Span {
  /** Where its words end, and the special tokens begin that end it; `to` where it ends with none. */
  readonly end: number;
}

/**
 * Where an assistant's turn stands in the text of a conversation: from the end of what asks for it to the token at which
 * generation stops.
 *
 *     conversation up to the turn, asked for an answer   …<|im_start|>assistant\n
 *     conversation with the turn as its last             …<|im_start|>assistant\nYes.<|im_end|>\n
 *     what generation writes                                                     Yes.<|im_end|>
 *
 * @returns undefined where the text is not the one in which generation would write this answer: the template rewrites
 * what stands before it, or the answer itself when the conversation goes on
 */
export function answerTurn(row: ChatRow, place: number, text: string): AnswerTurn | undefined {
  const asked = attempt(() => render(row, place, true));
  const own = attempt(() => withoutEnd(render(row, place + 1, false), row.template.asksAnyway));
  if (asked === undefined || own === undefined) return undefined;
  if (!text.startsWith(asked) || !own.startsWith(asked)) return undefined;
  const [alone, rest] = [own.slice(asked.length), text.slice(asked.length)];
  const ending = endingOf(alone, row.template);
  const words = ending?.from ?? endOfWords(row.messages[place] as SpokenMessage, alone);
  if (!rest.startsWith(alone.slice(0, words))) return undefined;
  const length = lengthOfEnding(alone.slice(words, ending?.to ?? words), rest.slice(words), row.template);
  const end = asked.length + words;
  return { from: asked.length, end, to: end + length };
}

/** Of a turn that ends with nothing but text: the end of its content, or of whatever is written after that. */
function endOfWords({ message }: SpokenMessage, text: string): number {
  const content = message.content ?? '';
  const said = text.includes(content) ? content : content.trim();
  if (said.trim() === '' || isSaid(message.tool_calls) || !text.includes(said)) return text.trimEnd().length;
  return text.lastIndexOf(said) + said.length;
}
