import { type Role, RowError } from '../recipe.ts';
import { readCalls, readFunction, type ToolCall } from './calls.ts';
import { readContent, refuseBytes, refuseMedia } from './content.ts';
import { roleNames, speakerOf } from './roles.ts';
import { fieldsOf, inTurn, namesSpeaker, readList } from './said.ts';
import { type Fields, isFields, kindOf, says } from './says.ts';

/** What one said, whatever the row called it. */
export interface Message {
  readonly role: Role;
  /** Null where the row has none. */
  readonly content: string | null;
  /** Multiplies the weight of the message's tokens in the loss: 0 leaves it out. */
  readonly weight?: number;
  readonly tool_calls?: readonly ToolCall[];
  /** What else it says, for the chat template: `name`, `tool_call_id`, `reasoning_content`. */
  readonly [field: string]: unknown;
}

/**
 * A conversation in any of the forms that data sets have: messages of OpenAI (`{role, content, tool_calls}`, the old
 * `function_call` too) and of ShareGPT (`{from, value}`), pairs (`{input, output}`), or texts in turn, the user's first;
 * also as JSON text.
 * @param field where it stands in the row, for errors
 * @param texts whether texts alone take turns, or are to be one: several are no question, and no answer
 * @throws {RowError} naming the message and the field in it that cannot be read
 */
export function readMessages(value: unknown, field: string, texts: 'turns' | 'one' = 'turns'): Message[] {
  const list = readList(value, field);
  if (!list.every((said) => typeof said === 'string')) {
    return list.flatMap((said, i) => readSaid(said, `${field}.${i}`));
  }
  if (texts === 'one') {
    const texts = list.length === 1 ? 'a list with one text' : `a list of ${list.length} texts`;
    const problem = `"${field}" is ${texts}, and is to be a text, or messages {role, content}: choose one of them`;
    throw new RowError(field, problem);
  }
  return list.map((content, i) => {
    const role = inTurn(i);
    return { role, content: contentOf(role, content, `${field}.${i}`) };
  });
}

function readSaid(said: unknown, field: string): Message[] {
  if (!isFields(said)) throw new RowError(field, `"${field}" is ${kindOf(said)}, and no message {role, content}`);
  if (says(said.input) && 'output' in said && !namesSpeaker(said)) return readPair(said, field);
  return [readMessage(said, field)];
}

/** `{system?, input, output}`: what the user said and what was answered. */
function readPair({ system, input, output, ...rest }: Fields, field: string): Message[] {
  const own = said(rest);
  return [
    ...(says(system) ? [{ role: 'system' as const, content: readContent(system, `${field}.system`) ?? '' }] : []),
    { role: 'user', content: contentOf('user', input, `${field}.input`) },
    { ...own, role: 'assistant', content: readContent(output, `${field}.output`) },
  ];
}

function readMessage(message: Fields, field: string): Message {
  const { roleField, contentField } = fieldsOf(message);
  const { [roleField]: name, [contentField]: spoken, weight, tool_calls, function_call, refusal, ...rest } = message;
  const speaker = speakerOf(name);
  if (speaker === undefined) throw noRole(name, `${field}.${roleField}`, message);
  refuseMedia(message, `${field}.`);
  for (const [own, value] of Object.entries(message)) if (own !== contentField) refuseBytes(value, `${field}.${own}`);
  const { role, content, calls } =
    speaker === 'call'
      ? { role: 'assistant' as const, content: null, calls: readCalls(spoken, `${field}.${contentField}`) }
      : { role: speaker, content: contentOf(speaker, spoken, `${field}.${contentField}`), calls: [] };
  const all = [
    ...calls,
    ...readCalls(tool_calls, `${field}.tool_calls`),
    ...oldCall(function_call, says(tool_calls), `${field}.function_call`),
  ];
  if (all.length > 0 && role !== 'assistant') {
    throw new RowError(`${field}.tool_calls`, `"${field}" is the ${role}'s, and only the assistant calls tools`);
  }
  return {
    ...said(rest),
    role,
    content: says(refusal) ? refusalOf(refusal, says(content) || all.length > 0, field) : content,
    ...weightOf(weight, `${field}.weight`),
    ...(all.length > 0 && { tool_calls: all }),
  };
}

/**
 * What a message says. Only the assistant may say nothing, who then calls a tool, or whose answer is still to come; a tool may
 * give an empty text.
 */
function contentOf(role: Role, spoken: unknown, field: string): string | null {
  const content = readContent(spoken, field);
  const isMissing = role === 'user' ? (content ?? '').trim() === '' : content === null;
  if (role === 'assistant' || !isMissing) return content;
  const what = content === null ? kindOf(spoken) : 'empty';
  throw new RowError(field, `"${field}" is ${what}, and would be learnt from as something that the ${role} says`);
}

/** OpenAI's `function_call` of before there were tools. */
function oldCall(value: unknown, hasCalls: boolean, field: string): ToolCall[] {
  if (!says(value)) return [];
  if (hasCalls) throw new RowError(field, `a message has either "tool_calls" or "${field}", not both`);
  return [{ type: 'function', function: readFunction(value, field) }];
}

/** A refusal is what the assistant said in place of an answer. */
function refusalOf(refusal: unknown, saysMore: boolean, field: string): string | null {
  if (!saysMore) return readContent(refusal, `${field}.refusal`);
  throw new RowError(`${field}.refusal`, `"${field}" has an answer and a "refusal": which of them is to be learnt?`);
}

function weightOf(weight: unknown, field: string): { readonly weight?: number } {
  if (!says(weight)) return {};
  if (typeof weight === 'number' && weight >= 0 && Number.isFinite(weight)) return { weight };
  throw new RowError(field, `"${field}" is ${JSON.stringify(weight)}: a weight is a number of 0 or more`);
}

/** The fields that say something. */
const said = (fields: Fields): Fields => Object.fromEntries(Object.entries(fields).filter(([, value]) => says(value)));

function noRole(name: unknown, field: string, message: Fields): RowError {
  if (says(name)) {
    return new RowError(field, `nobody is known as ${JSON.stringify(name)}; roles are ${roleNames.join(', ')}`);
  }
  const names = Object.keys(message).map((own) => `"${own}"`);
  return new RowError(
    field,
    `"${field}" is missing: a message is {role, content} or {from, value}, and this one has ${names.join(', ') || 'no fields'}`,
  );
}
