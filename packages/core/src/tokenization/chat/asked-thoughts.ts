import { attempt, type ChatRow, render } from './chat-row.ts';
import { type SpokenMessage, thoughtOf } from './messages.ts';

const CLOSING = '</think>';

/**
 * Some templates ask for thoughts and leave them out of every answer that they are told (DeepSeek R1): generation writes
 * the thoughts after `<think>`, closes them and answers.
 *
 *     asked                      …<｜Assistant｜><think>\n
 *     told with the answer       …<｜Assistant｜>4<｜end▁of▁sentence｜>
 *     what generation writes     …<｜Assistant｜><think>\nadd\n</think>\n\n4<｜end▁of▁sentence｜>
 *
 * @param told the text of the conversation up to the answer, as the template writes it
 * @returns the text as generation would come to write it; `told` itself where the template does not ask so, or writes
 * thoughts itself, or where the row has none: none can be made up
 */
export function withThoughts(row: ChatRow, place: number, told: string): string {
  const { message } = row.messages[place] as SpokenMessage;
  const content = message.content ?? '';
  const closed = content.lastIndexOf(CLOSING);
  const thought = thoughtOf(message) ?? (closed < 0 ? undefined : content.slice(0, closed).replace(/^\s*<think>/, ''));
  if (message.role !== 'assistant' || thought === undefined || thought.trim() === '') return told;
  const asked = attempt(() => render(row, place, true)) ?? '';
  const [opening, space = ''] = /<think>(\s*)$/.exec(asked) ?? [];
  if (opening === undefined || told.startsWith(asked)) return told;
  const before = asked.slice(0, -opening.length);
  const answer = told.slice(before.length);
  if (!told.startsWith(before) || answer.includes(CLOSING)) return told;
  // The row's own line ends around its thoughts, where they stand in the content; else those of the opening.
  const inContent = thoughtOf(message) === undefined;
  const start = inContent && thought.startsWith(space) ? thought.slice(space.length) : thought;
  const end = inContent || thought.endsWith(space) ? '' : space;
  const gap = inContent ? spaceAt(content.slice(closed + CLOSING.length)) : space.repeat(2);
  return `${asked}${start}${end}${CLOSING}${answer.startsWith(gap) ? '' : gap}${answer}`;
}

const spaceAt = (text: string): string => text.slice(0, text.length - text.trimStart().length);
