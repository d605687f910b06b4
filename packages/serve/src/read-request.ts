import type { AnswerRequest } from '@counterweight/core';
import { z } from 'zod';
import { type ApiError, apiError } from './api-error.ts';

/** What a request asks, and how it is to be answered. */
export interface ReadRequest {
  readonly model: string;
  readonly answer: AnswerRequest;
  readonly stream: boolean;
  /** Whether a stream ends with the counts of tokens. */
  readonly includesUsage: boolean;
}

export type RequestKind = 'chat' | 'completion';

/** Null is how some clients leave a field out. */
const optional = <Type extends z.ZodType>(type: Type) => type.nullish().transform((value) => value ?? undefined);

const common = {
  model: z.string(),
  stream: optional(z.boolean()),
  stream_options: optional(z.looseObject({ include_usage: optional(z.boolean()) })),
  temperature: optional(z.number().min(0).max(2)),
  top_p: optional(z.number().min(0).max(1)),
  /** As vLLM and others have it. */
  top_k: optional(z.int().min(1)),
  seed: optional(z.int()),
  stop: optional(z.union([z.string(), z.array(z.string()).max(16)])),
  max_tokens: optional(z.int().min(1)),
};

const chatSchema = z.object({
  ...common,
  messages: optional(z.array(z.looseObject({}))),
  /** Ours: a row of the recipe, in place of messages. */
  row: optional(z.looseObject({})),
  max_completion_tokens: optional(z.int().min(1)),
  response_format: optional(
    z.discriminatedUnion('type', [
      z.object({ type: z.literal('text') }),
      z.object({ type: z.literal('json_object') }),
      z.object({ type: z.literal('json_schema'), json_schema: z.looseObject({ schema: z.unknown() }) }),
    ]),
  ),
});

const completionSchema = z.object({ ...common, prompt: z.union([z.string(), z.tuple([z.string()])]) });

/** They say nothing of the answer. */
const IGNORED = [
  ...['user', 'metadata', 'store', 'service_tier', 'safety_identifier', 'prompt_cache_key', 'prompt_cache_retention'],
  ...['parallel_tool_calls'],
];

/** What is not done here, with the values that ask for nothing of it. */
const NOT_DONE: Readonly<Record<string, readonly unknown[]>> = {
  n: [1],
  best_of: [1],
  logprobs: [false],
  top_logprobs: [0],
  echo: [false],
  suffix: [''],
  presence_penalty: [0],
  frequency_penalty: [0],
  logit_bias: [],
  tools: [],
  tool_choice: ['none', 'auto'],
  functions: [],
  function_call: ['none', 'auto'],
  modalities: [],
};

/** @returns what was asked; or how it is refused, by the first field that cannot be read or is not done here */
export function readRequest(kind: RequestKind, body: unknown): ReadRequest | ApiError {
  const schema: z.ZodObject = kind === 'chat' ? chatSchema : completionSchema;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return apiError(400, 'The body of the request is to be a JSON object.');
  }
  const refused = Object.entries(body).find(([name, value]) => !isDone(name, value, schema));
  if (refused) return notDone(...refused);
  const parsed = schema.safeParse(body);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0] ?? { path: [], message: 'it cannot be read' };
    const param = path.join('.');
    return apiError(400, `${param}: ${message}.`, { param, code: 'invalid_value' });
  }
  return kind === 'chat' ? chatRequest(parsed.data as Chat) : completionRequest(parsed.data as Completion);
}

type Chat = z.output<typeof chatSchema>;
type Completion = z.output<typeof completionSchema>;

function isDone(name: string, value: unknown, { shape }: z.ZodObject): boolean {
  if (Object.hasOwn(shape, name) || IGNORED.includes(name) || value === null) return true;
  const nothing = NOT_DONE[name];
  if (!nothing) return false;
  const isEmpty = typeof value === 'object' && Object.keys(value as object).length === 0;
  const isText = name === 'modalities' && Array.isArray(value) && value.join() === 'text';
  return isEmpty || isText || nothing.includes(value);
}

function notDone(name: string, value: unknown): ApiError {
  const shown = JSON.stringify(value)?.slice(0, 80) ?? '';
  const problem = Object.hasOwn(NOT_DONE, name)
    ? `${name} ${shown} is not supported here: leave it out.`
    : `There is no field ${name} in requests to this server: leave it out.`;
  return apiError(400, problem, { param: name, code: 'unsupported_parameter' });
}

function chatRequest({ messages, row, response_format, max_completion_tokens, ...rest }: Chat): ReadRequest | ApiError {
  if ((messages && messages.length > 0) === (row !== undefined)) {
    return apiError(400, 'A request has messages, or else a row of the recipe.', { param: 'messages' });
  }
  const format = response_format?.type ?? 'text';
  const schema =
    response_format?.type === 'json_schema'
      ? (response_format.json_schema.schema ?? true)
      : format === 'json_object'
        ? { type: 'object' }
        : undefined;
  const asked = row === undefined ? { messages: messages ?? [] } : { row };
  const most = max_completion_tokens ?? rest.max_tokens;
  return requestOf(rest, { ...asked, ...(schema !== undefined && { schema }), maxNewTokens: most });
}

const completionRequest = ({ prompt, ...rest }: Completion): ReadRequest =>
  requestOf(rest, { prompt: typeof prompt === 'string' ? prompt : prompt[0], maxNewTokens: rest.max_tokens });

type Common = Omit<Completion, 'prompt'>;

const requestOf = (
  { model, stream, stream_options, temperature, top_p, top_k, seed, stop }: Common,
  asked: AnswerRequest,
): ReadRequest => ({
  model,
  stream: stream ?? false,
  includesUsage: stream_options?.include_usage ?? false,
  answer: {
    ...asked,
    temperature,
    topP: top_p,
    topK: top_k,
    seed,
    stop: stop === undefined ? undefined : [stop].flat(),
  },
});
