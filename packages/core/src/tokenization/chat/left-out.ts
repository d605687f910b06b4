import { THOUGHT_FIELDS } from '../../recipe/thought-fields.ts';
import type { ChatMessage } from '../../tokenizer/chat-template.ts';
import { PROBE } from '../../tokenizer/probe-template.ts';
import type { AnswerTurn } from './answer-turn.ts';
import { attempt, type ChatRow, isLearnt, render, withMessage } from './chat-row.ts';
import { isSaid, SAID_FIELDS, type SpokenMessage, thoughtOf } from './messages.ts';

/**
 * What a template leaves out of what an assistant's message says, in words for an error. Thoughts are left out of
 * earlier turns by many templates, and the model is to see them so; where they are to be learnt they must be there.
 * @param turn where the answer stands in the text, if it stands there as generation would write it
 * @returns undefined where the template leaves out nothing
 */
export function leftOut(row: ChatRow, place: number, text: string, turn: AnswerTurn | undefined): string | undefined {
  const { message } = row.messages[place] as SpokenMessage;
  const field = SAID_FIELDS.find((name) => isSaid(message[name]) && !isHeard(row, place, name));
  if (field) return `"${field}"`;
  if (!turn || !isLearnt(row, place)) return undefined;
  const written = withoutSpaces(text.slice(turn.from, turn.end));
  const thought = thoughtOf(message);
  if (thought !== undefined && !written.includes(withoutSpaces(thought))) {
    return `"${THOUGHT_FIELDS.find((name) => isSaid(message[name]))}"`;
  }
  const content = message.content ?? '';
  if (content.trim() !== '' && written === '') return '';
  const lost = content
    .split(/<\/?think>/)
    .find((part) => !written.includes(withoutSpaces(part)) && !isRewritten(row, place, part));
  return lost === undefined ? undefined : JSON.stringify(lost.trim().slice(0, 60));
}

/** Whether a part of an answer is written in another way than it stands there (as JSON, in capitals): a stand-in for it is. */
function isRewritten(row: ChatRow, place: number, part: string): boolean {
  const { message } = row.messages[place] as SpokenMessage;
  const content = message.content?.replace(part, () => PROBE) ?? '';
  const written = attempt(() => render(withMessage(row, place, { ...message, content }), place + 1, false));
  return written?.includes(PROBE) === true;
}

/** Whether a field of a message changes what the template writes of it; of a list, each of its elements. */
function isHeard(row: ChatRow, place: number, field: string): boolean {
  const write = (own: ChatRow) => attempt(() => render(own, place + 1, false));
  const { [field]: value, ...others } = (row.messages[place] as SpokenMessage).message;
  const lists = Array.isArray(value) ? value.map((_, i) => value.toSpliced(i, 1)) : [];
  const less = lists.length > 1 ? lists.map((list) => ({ ...others, [field]: list })) : [others];
  const whole = write(row);
  return less.every((message) => write(withMessage(row, place, message as ChatMessage)) !== whole);
}

const withoutSpaces = (text: string): string => text.replaceAll(/\s+/g, '');
