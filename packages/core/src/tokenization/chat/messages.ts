import { parseExactJson } from '../../recipe/exact-json.ts';
import type { RenderedExample, Segment } from '../../recipe/recipe.ts';
import { THOUGHT_FIELDS } from '../../recipe/thought-fields.ts';
import type { ChatMessage, ChatTemplate } from '../../tokenizer/chat-template.ts';

/** A message of a conversation, and the segments that its content is made of, in order. */
export interface SpokenMessage {
  readonly message: ChatMessage;
  readonly segments: readonly Segment[];
}

/**
 * Segments as messages: consecutive ones of one role make a message, unless they say that they are one of their own.
 * Where the template knows no system message, its text begins the first user message.
 */
export function messagesOf(segments: readonly Segment[], template: ChatTemplate): SpokenMessage[] {
  const turns: Segment[][] = [];
  for (const segment of segments) {
    const turn = turns.at(-1);
    if (turn && continues(turn[0] as Segment, segment)) turn.push(segment);
    else turns.push([segment]);
  }
  const [first, second, ...rest] = turns;
  const folds = !template.takesSystem && first?.[0]?.role === 'system' && second?.[0]?.role === 'user';
  const folded = folds ? [[...first, { ...(first[0] as Segment), text: '\n\n' }, ...second], ...rest] : turns;
  return folded.map((turn) => spokenMessage(turn, template));
}

/** Whether a segment goes on with the turn that the other one belongs to. */
export const continues = (turn: Segment, segment: Segment): boolean =>
  turn.role === segment.role && segment.message === undefined;

/** The completion as the assistant's message. */
export function completionMessage({ completion }: RenderedExample, template: ChatTemplate): SpokenMessage {
  const segments = completion.map((segment) => ({ ...segment, role: 'assistant' as const }));
  return spokenMessage(segments, template);
}

/** Fields of an assistant's message in which it says something, beside its content and its thoughts. */
export const SAID_FIELDS = ['tool_calls', 'function_call', 'refusal', 'audio'] as const;

/** Whether a field of a message says something: null, an empty text and an empty list do not. */
export const isSaid = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);

/**
 * Whether there is something in an answer that can be learnt: words, a call of a tool, thoughts. White space is none of
 * them: what it would teach is to say nothing.
 */
export const saysSomething = (segments: readonly Segment[]): boolean =>
  segments.some(
    ({ text, message }) =>
      text.trim() !== '' || [...SAID_FIELDS, ...THOUGHT_FIELDS].some((field) => isSaid(message?.[field])),
  );

/** The thoughts that a message brings before its answer, under whatever name. */
export function thoughtOf(message: ChatMessage): string | undefined {
  const thought = THOUGHT_FIELDS.map((field) => message[field]).find((value) => isSaid(value));
  return typeof thought === 'string' ? thought : undefined;
}

/**
 * A message as the template is told it: its content null where the row says so and nothing else stands there, and
 * arguments of calls as the object that most templates want, where the row has them as JSON, unless the template writes
 * that text as it is.
 */
function spokenMessage(given: readonly Segment[], { takesArgumentText, stops }: ChatTemplate): SpokenMessage {
  const role = given.at(-1)?.role ?? 'assistant';
  const segments = role === 'assistant' ? withoutOwnEnd(given, stops) : given;
  const more = segments.at(-1)?.message;
  const text = segments.map((segment) => segment.text).join('');
  const content = text === '' && more?.content === null ? null : text;
  const calls = more?.tool_calls;
  const asObjects = Array.isArray(calls) && !takesArgumentText && { tool_calls: calls.map(withArgumentsAsObject) };
  return { message: { ...more, ...asObjects, role, content }, segments };
}

/** An answer that brings the token that ends it, once or more: the template writes it again. */
function withoutOwnEnd(segments: readonly Segment[], stops: readonly string[]): readonly Segment[] {
  const last = segments.at(-1);
  const text = last?.text.trimEnd() ?? '';
  const stop = stops.find((token) => text.endsWith(token));
  if (!last || !stop) return segments;
  return withoutOwnEnd([...segments.slice(0, -1), { ...last, text: text.slice(0, -stop.length) }], stops);
}

interface Call {
  readonly function?: { readonly arguments?: unknown };
}

function withArgumentsAsObject(call: Call): Call {
  const { function: called } = call;
  if (typeof called?.arguments !== 'string') return call;
  return { ...call, function: { ...called, arguments: parseArguments(called.arguments) } };
}

/** Arguments that are no JSON object stay the text that they are. */
function parseArguments(text: string): unknown {
  try {
    const value = parseExactJson(text);
    return typeof value === 'object' && value !== null ? value : text;
  } catch {
    return text;
  }
}
