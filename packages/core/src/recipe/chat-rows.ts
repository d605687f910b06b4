import { z } from 'zod';
import type { RenderedExample, Role, Segment } from './recipe.ts';

/** A call of a function. OpenAI writes its arguments as JSON, others as an object; chat templates are given what they take. */
const callSchema = z.looseObject({
  function: z.looseObject({
    name: z.string(),
    arguments: z.union([z.string(), z.record(z.string(), z.unknown())]).optional(),
  }),
});

const textPart = z.object({ type: z.literal('text'), text: z.string() });
const contentSchema = z.union(
  [z.string(), z.null(), z.array(textPart).transform((parts) => parts.map((part) => part.text).join(''))],
  {
    error: 'a content is a text, or a list of parts of the type "text"',
  },
);

const roles: Readonly<Record<string, Role>> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  assistant: 'assistant',
  tool: 'tool',
  function: 'tool',
};

/** A message as OpenAI writes it. What else it says (`name`, `tool_call_id`) is for the chat template. */
const messageSchema = z.looseObject({
  role: z.enum(Object.keys(roles)),
  content: contentSchema.optional(),
  /** Multiplies the weight of the message's tokens in the loss: 0 leaves it out. */
  weight: z.number().min(0).nullish(),
  tool_calls: z.array(callSchema).nullish(),
});

const toolsSchema = z.array(z.record(z.string(), z.unknown()));

export const messagesSchema = z.object({
  messages: z.array(messageSchema).min(1),
  /** Functions that the assistant may call. */
  tools: toolsSchema.nullish(),
});

export type MessagesRow = z.output<typeof messagesSchema>;
type Message = z.output<typeof messageSchema>;

const speakers: Readonly<Record<string, string>> = {
  system: 'system',
  human: 'user',
  user: 'user',
  gpt: 'assistant',
  chatgpt: 'assistant',
  assistant: 'assistant',
  model: 'assistant',
  function_call: 'assistant',
  tool: 'tool',
  observation: 'tool',
  function_response: 'tool',
};

const saidSchema = z.looseObject({
  from: z.enum(Object.keys(speakers)),
  value: z.string(),
  weight: z.number().min(0).nullish(),
});

/** ShareGPT: `{conversations: [{from: 'human', value}, {from: 'gpt', value}]}`, read as messages. */
export const shareGptSchema = z
  .object({
    conversations: z.array(saidSchema).min(1),
    system: z.string().nullish(),
    tools: z.union([toolsSchema, z.string().transform(parseTools)]).nullish(),
  })
  .transform(({ conversations, system, tools }, context): MessagesRow => {
    const said = conversations.map(({ from, value, weight }, i): Message => {
      const role = speakers[from] as string;
      if (from !== 'function_call') return { role, content: value, weight };
      const call = callSchema.shape.function.safeParse(parseJson(value));
      if (call.success) return { role, content: null, weight, tool_calls: [{ type: 'function', function: call.data }] };
      const message = 'a function_call is JSON with the function\'s "name" and "arguments"';
      context.addIssue({ code: 'custom', path: ['conversations', i, 'value'], message });
      return z.NEVER;
    });
    const first: Message[] = system ? [{ role: 'system', content: system }] : [];
    return { messages: [...first, ...said], ...(tools && { tools }) };
  });

/** The last message, if it is the assistant's, is the completion; texts of user and tools may be cut. */
export function renderMessages({ messages, tools }: MessagesRow): RenderedExample {
  const segments = messages.map((message, i) => segmentOf(message, messages[i - 1]));
  const answered = segments.at(-1)?.role === 'assistant';
  return {
    prompt: answered ? segments.slice(0, -1) : segments,
    completion: answered ? segments.slice(-1) : [],
    ...(tools && { tools }),
  };
}

function segmentOf(message: Message, previous: Message | undefined): Segment {
  const { role: name, content, weight, tool_calls, ...rest } = message;
  const role = roles[name] as Role;
  const calls = tool_calls && tool_calls.length > 0 && { tool_calls };
  const more = { ...rest, ...calls, ...(typeof content !== 'string' && { content: null }) };
  const isOfItsOwn = previous !== undefined && roles[previous.role] === role;
  return {
    role,
    text: content ?? '',
    ...(typeof weight === 'number' && { weight }),
    ...((role === 'user' || role === 'tool') && { shorten: 'start' as const }),
    ...((isOfItsOwn || Object.keys(more).length > 0) && { message: more }),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parseTools(text: string, context: z.RefinementCtx): Record<string, unknown>[] {
  const parsed = toolsSchema.safeParse(text.trim() === '' ? [] : parseJson(text));
  if (parsed.success) return parsed.data;
  context.addIssue({ code: 'custom', message: 'tools are a JSON array of objects' });
  return z.NEVER;
}
