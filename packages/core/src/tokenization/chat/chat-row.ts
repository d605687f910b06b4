import type { RenderedExample } from '../../recipe/recipe.ts';
import type { ChatMessage, ChatTemplate } from '../../tokenizer/chat-template.ts';
import { completionMessage, messagesOf, type SpokenMessage } from './messages.ts';

export interface ChatOptions {
  readonly template: ChatTemplate;
  /** For messages: the place the row comes from. */
  readonly where: string;
}

/** A row as a conversation. */
export interface ChatRow extends ChatOptions {
  /** All messages; the answer that is the completion last, where there is one. */
  readonly messages: readonly SpokenMessage[];
  /** How many of them stand before the answer that is asked for. */
  readonly asked: number;
  /** Whether answers are learnt; a row without a completion is one to generate for. */
  readonly learns: boolean;
  readonly tools: RenderedExample['tools'];
}

export function chatRow(rendered: RenderedExample, { template, where }: ChatOptions): ChatRow {
  const prompt = messagesOf(rendered.prompt, template);
  const learns = rendered.completion.length > 0;
  const messages = learns ? [...prompt, completionMessage(rendered, template)] : prompt;
  const row = { template, where, messages, asked: prompt.length, learns, tools: rendered.tools };
  const spoken = { ...row, messages: messages.map(withoutNull) };
  // Templates that only know texts refuse a message without one.
  const isRefused = messages.some(({ message }) => message.content === null) && !canBeWritten(row);
  return isRefused && canBeWritten(spoken) ? spoken : row;
}

const withoutNull = ({ message, segments }: SpokenMessage): SpokenMessage => ({
  message: { ...message, content: message.content ?? '' },
  segments,
});

const canBeWritten = (row: ChatRow): boolean =>
  attempt(() => render(row, row.messages.length, !row.learns)) !== undefined;

/** The first `count` messages in the template's words. */
export const render = ({ template, messages, tools }: ChatRow, count: number, asking: boolean): string =>
  template.render({ messages: messages.slice(0, count).map(({ message }) => message), tools }, asking);

/** The row with another message in one place. */
export const withMessage = (row: ChatRow, place: number, message: ChatMessage): ChatRow => ({
  ...row,
  messages: row.messages.map((spoken, i) => (i === place ? { ...spoken, message } : spoken)),
});

export function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}

/** Whether a message is the assistant's, and nobody but the system has spoken before. */
export const isGreeting = ({ messages }: ChatRow, place: number): boolean =>
  messages[place]?.message.role === 'assistant' &&
  messages.slice(0, place).every(({ message }) => message.role === 'system');

/** Whether one of the message's words counts in the loss. */
export const isLearnt = ({ learns, messages }: ChatRow, place: number): boolean =>
  learns &&
  messages[place]?.message.role === 'assistant' &&
  messages[place].segments.some(({ weight = 1 }) => weight > 0);
