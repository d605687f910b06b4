import { THOUGHT_FIELDS } from '../../recipe/thought-fields.ts';
import { tell } from './answer-texts.ts';
import { answerTurn } from './answer-turn.ts';
import { attempt, type ChatRow, isGreeting, withMessage } from './chat-row.ts';
import { type SpokenMessage, thoughtOf } from './messages.ts';

/** A change of the row, or of what is learnt of it, with which its answer would stand where generation writes it. */
export type Help = 'replies' | 'last turn' | 'thoughts' | 'no thoughts';

/** What helps a row whose answer in one place can't be learnt, if one of these does: each is tried. */
export function whatHelps(row: ChatRow, place: number): Help | undefined {
  if (place < row.asked && isStable(row, row.asked)) return isGreeting(row, place) ? 'replies' : 'last turn';
  const { message } = row.messages[place] as SpokenMessage;
  const { thoughtField } = row.template;
  const content = message.content ?? '';
  if (thoughtOf(message) === undefined && thoughtField && !content.includes('</think>')) {
    return isStable(withMessage(row, place, { ...message, [thoughtField]: 'Hm.' }), place) ? 'thoughts' : undefined;
  }
  const silent = Object.fromEntries(THOUGHT_FIELDS.map((field) => [field, undefined]));
  const said = content.replace(/^[\s\S]*<\/think>\s*/, '');
  const without = { ...message, ...silent, content: message.content === null ? null : said };
  return isStable(withMessage(row, place, without), place) ? 'no thoughts' : undefined;
}

/** Whether the answer stands where generation would write it when it is the last one. */
function isStable(row: ChatRow, place: number): boolean {
  const whole = attempt(() => tell(row, place));
  return whole !== undefined && answerTurn(row, place, whole) !== undefined;
}
