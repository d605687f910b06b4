import { conversationLayout } from '../conversation-layout.ts';
import { anybodysWords } from '../freedom.ts';
import { type RenderedExample, RowError, type Segment } from '../recipe.ts';
import { THOUGHT_FIELDS } from '../thought-fields.ts';
import type { Tool } from './calls.ts';
import type { Message } from './read-messages.ts';

/** The last message, if it is the assistant's and says something, is the completion; texts of user and tools may be cut. */
export function renderConversation(messages: readonly Message[], tools: readonly Tool[] | undefined): RenderedExample {
  const segments = messages.map((message, i) => segmentOf(message, messages[i - 1]));
  const last = messages.at(-1);
  const isOpen = last?.role === 'assistant' && isSilent(last);
  const isAnswered = last?.role === 'assistant' && !isOpen;
  return {
    prompt: isAnswered || isOpen ? segments.slice(0, -1) : segments,
    completion: isAnswered ? segments.slice(-1) : [],
    layout: conversationLayout,
    freedom: anybodysWords,
    ...(tools && { tools }),
    ...(last && last.role !== 'assistant' && { unanswered: `the last message is the ${last.role}'s` }),
    ...(isOpen && { unanswered: silence(last) }),
  };
}

/**
 * Every answer that is to be learnt says something or calls a tool; the last one may be still to come.
 * @throws {RowError} naming the message that says nothing
 */
export function checkAnswers(messages: readonly Message[], field: string): void {
  const silent = messages.findIndex(
    (message, i) =>
      i < messages.length - 1 && message.role === 'assistant' && message.weight !== 0 && isSilent(message),
  );
  if (silent < 0) return;
  const problem = `${silence(messages[silent] as Message)} ("${field}.${silent}"), and would be learnt as an empty answer`;
  throw new RowError(`${field}.${silent}`, problem);
}

/** Neither words nor calls nor thoughts. */
const isSilent = (message: Message): boolean =>
  (message.content ?? '').trim() === '' && !['tool_calls', ...THOUGHT_FIELDS].some((field) => message[field]);

function silence({ role: _, content: __, weight: ___, ...others }: Message): string {
  const names = Object.keys(others).map((name) => `"${name}"`);
  return `a message of the assistant's says nothing${names.length > 0 ? ` but ${names.join(', ')}` : ''}`;
}

function segmentOf(message: Message, previous: Message | undefined): Segment {
  const { role, content, weight, ...rest } = message;
  // Null stays null: a template may ask for it.
  const more = { ...(content === null && { content: null }), ...rest };
  const isOfItsOwn = previous?.role === role;
  return {
    role,
    text: content ?? '',
    ...(weight !== undefined && { weight }),
    ...((role === 'user' || role === 'tool') && { shorten: 'start' as const }),
    ...((isOfItsOwn || Object.keys(more).length > 0) && { message: more }),
  };
}
