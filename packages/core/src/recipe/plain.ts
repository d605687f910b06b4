import { z } from 'zod';
import { defineRecipe } from './define-recipe.ts';
import { meanOf } from './metric.ts';
import type { PlainLayout, Recipe, RenderedExample, Segment } from './recipe.ts';

const messageSchema = z.object({
  role: z.enum(['system', 'user', 'assistant', 'tool']),
  content: z.string(),
  /** Multiplies the weight of the message's tokens in the loss. */
  weight: z.number().min(0).optional(),
});

const rowSchema = z
  .object({
    prompt: z.string().optional(),
    completion: z.string().optional(),
    messages: z.array(messageSchema).min(1).optional(),
  })
  .superRefine((row, context) => {
    const complain = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
    if (row.messages) {
      if (row.prompt !== undefined || row.completion !== undefined) {
        complain('messages', 'a row has either "messages" or "prompt" and "completion", not both');
      }
    } else if (row.prompt === undefined) {
      complain('prompt', '"prompt" is missing (rows are {prompt, completion} or {messages})');
    }
  });

export type PlainRow = z.output<typeof rowSchema>;
type Message = z.output<typeof messageSchema>;

const nothing = { before: '', after: '' };
const layout: PlainLayout = { system: nothing, user: nothing, assistant: nothing, tool: nothing };

/**
 * No domain: rows `{prompt, completion}` or `{messages: [{role, content, weight?}]}`, whose last assistant message is
 * the completion. Nothing is added to the texts.
 */
export function plain(): Recipe<PlainRow> {
  return defineRecipe<PlainRow>({
    name: 'plain',
    options: {},
    row: rowSchema,
    answerField: 'completion',
    defaults: {
      promptLossWeight: 0,
      promptLossWeightReason: 'nothing is known about these rows: the prompt is masked, the usual baseline',
      generationRatio: 1,
      maxLength: 512,
      maxNewTokens: 128,
    },
    layout,
    render,
    metrics: [
      meanOf({
        name: 'exactMatch',
        direction: 'higher-is-better',
        definition: 'Share of outputs equal to the completion, both without white space at their ends.',
        score: (row, text) => (text.trim() === answerOf(row).trim() ? 1 : 0),
      }),
    ],
  });
}

function render(row: PlainRow): RenderedExample {
  if (!row.messages) {
    return {
      prompt: [{ role: 'user', text: row.prompt ?? '', shorten: 'start' }],
      completion: row.completion === undefined ? [] : [{ role: 'assistant', text: row.completion }],
    };
  }
  const answered = row.messages.at(-1)?.role === 'assistant';
  const prompt = answered ? row.messages.slice(0, -1) : row.messages;
  return {
    prompt: prompt.map((message) => segmentOf(message, message.role === 'user' || message.role === 'tool')),
    completion: answered ? row.messages.slice(-1).map((message) => segmentOf(message, false)) : [],
  };
}

function segmentOf({ role, content, weight }: Message, mayShorten: boolean): Segment {
  return {
    role,
    text: content,
    ...(weight === undefined ? {} : { weight }),
    ...(mayShorten ? { shorten: 'start' as const } : {}),
  };
}

function answerOf(row: PlainRow): string {
  const { completion } = render(row);
  return completion.map((segment) => segment.text).join('');
}
