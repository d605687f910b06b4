import { z } from 'zod';
import { type AlpacaRow, alpacaSchema, renderAlpaca } from './alpaca.ts';
import { type MessagesRow, messagesSchema, renderMessages, shareGptSchema } from './chat-rows.ts';
import { meanOf } from './metric.ts';
import { parseWith } from './parse-with.ts';
import { type PlainLayout, type Recipe, type RenderedExample, RowError } from './recipe.ts';

const promptSchema = z.object({
  prompt: z.string(),
  /** May be missing in a row to generate for. */
  completion: z.string().optional(),
});

/** The kinds of rows that are recognised, each by a field that it has, and how they are shown to who has others. */
const kinds = [
  { name: 'chat messages', field: 'messages', shape: '{messages: [{role, content}]}', schema: messagesSchema },
  { name: 'ShareGPT', field: 'conversations', shape: '{conversations: [{from, value}]}', schema: shareGptSchema },
  { name: 'Alpaca', field: 'instruction', shape: '{instruction, input, output}', schema: alpacaSchema },
  { name: 'prompt and completion', field: 'prompt', shape: '{prompt, completion}', schema: promptSchema },
] as const;

/** A row of any kind; ShareGPT's conversations are read as messages. */
export interface PlainRow extends Partial<z.output<typeof promptSchema> & AlpacaRow & MessagesRow> {
  /** As the receipt names it: `Alpaca`. */
  readonly kind?: (typeof kinds)[number]['name'];
}

const nothing = { before: '', after: '' };
const layout: PlainLayout = { system: nothing, user: nothing, assistant: nothing, tool: nothing };

/**
 * No domain. Rows are `{prompt, completion}`; Alpaca's `{instruction, input, output}`; OpenAI's
 * `{messages: [{role, content, weight?, tool_calls?}], tools?}` or ShareGPT's `{conversations: [{from, value}]}`, whose
 * last message, the assistant's, is the completion. For a model without a chat template nothing is added to the texts,
 * but Alpaca's own words around Alpaca's rows; a chat template hears prompts and instructions from the user.
 * @example
 * ```ts
 * import { fineTune, plain } from '@counterweight/core';
 *
 * await fineTune({ recipe: plain(), model: 'org/name', data: 'chat.jsonl', output: 'runs/first' });
 * ```
 */
export function plain(): Recipe<PlainRow> {
  return {
    specificationVersion: 1,
    name: 'plain',
    options: {},
    parseRow,
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
    tally: ({ kind }) => (kind === undefined ? {} : { [`rows of ${kind}`]: 1 }),
    metrics: [
      meanOf({
        name: 'exactMatch',
        direction: 'higher-is-better',
        definition: 'Share of outputs equal to the completion, both without white space at their ends.',
        score: (row, text) => (text.trim() === answerOf(row).trim() ? 1 : 0),
      }),
    ],
  };
}

function parseRow(input: unknown): PlainRow {
  const fields = typeof input === 'object' && input !== null ? input : {};
  const found = kinds.filter(
    ({ field }) => field in fields && (fields as Record<string, unknown>)[field] !== undefined,
  );
  const [kind, other] = found;
  if (!kind) {
    const shapes = kinds.map(({ name, shape }) => `${name} ${shape}`).join('; ');
    throw new RowError(
      'prompt',
      `"prompt" is missing, and the row is none of the kinds that are recognised: ${shapes}`,
    );
  }
  if (other) throw new RowError(kind.field, `a row has either "${kind.field}" or "${other.field}", not both`);
  return { ...parseWith<object>(kind.schema, input), kind: kind.name };
}

function render(row: PlainRow): RenderedExample {
  const { messages, tools, instruction, input, output, prompt = '', completion } = row;
  if (messages) return renderMessages({ messages, tools });
  if (instruction !== undefined) return renderAlpaca({ instruction, input, output });
  return {
    prompt: [{ role: 'user', text: prompt, shorten: 'start' }],
    completion: completion === undefined ? [] : [{ role: 'assistant', text: completion }],
  };
}

function answerOf(row: PlainRow): string {
  const { completion } = render(row);
  return completion.map((segment) => segment.text).join('');
}
