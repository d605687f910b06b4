import { anybodysWords } from './freedom.ts';
import { meanOf } from './metric.ts';
import type { PlainLayout, Recipe, RenderedExample } from './recipe.ts';
import { inAlpacasWords } from './shapes/alpaca.ts';
import { chooseShape } from './shapes/choose-shape.ts';
import { fieldsRead, type PlainRow, plainFields, readRow } from './shapes/read-row.ts';
import { renderConversation } from './shapes/render-conversation.ts';
import { type Fields, says } from './shapes/says.ts';

export type { PlainRow };

const nothing = { before: '', after: '' };
const layout: PlainLayout = { system: nothing, user: nothing, assistant: nothing, tool: nothing };

/**
 * No domain. Rows are `{prompt, completion}`; Alpaca's `{instruction, input, output}`; OpenAI's
 * `{messages: [{role, content, weight?, tool_calls?}], tools?}` or ShareGPT's `{conversations: [{from, value}]}`, whose
 * last message, the assistant's, is the completion; or of another shape of `shapes/shapes.ts`. For a model without a chat
 * template nothing is added to a prompt and its completion; around instructions stand Alpaca's own words, and around the
 * messages of a conversation the names of their roles. A chat template hears prompts and instructions from the user.
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
    parseRow: readRow,
    unreadFields,
    rowFields: plainFields,
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

function unreadFields(input: unknown): string[] {
  const row = input as Fields;
  const read = fieldsRead(row, chooseShape(row));
  return Object.keys(row).filter((name) => !read.includes(name) && says(row[name]));
}

function render(row: PlainRow): RenderedExample {
  const { answerField } = row;
  const rendered = renderAnswered(row);
  return rendered.completion.length > 0 || answerField === undefined ? rendered : { ...rendered, answerField };
}

function renderAnswered({ messages, tools, text, prompt, ...rest }: PlainRow): RenderedExample {
  if (text !== undefined) return { prompt: [], completion: [{ role: 'assistant', text }], layout, verbatim: true };
  if (messages && prompt === undefined) return renderConversation(messages, tools);
  const { completion, input = '', words } = rest;
  const asked = words === 'alpaca' ? inAlpacasWords(prompt ?? '', input) : { text: prompt ?? '' };
  const earlier: RenderedExample = messages ? renderConversation(messages, undefined) : { prompt: [], completion: [] };
  const ownLayout = 'layout' in asked ? asked.layout : earlier.layout;
  return {
    prompt: [
      ...[...earlier.prompt, ...earlier.completion],
      { role: 'user', text: asked.text, shorten: words ? 'end' : 'start' },
    ],
    completion: completion === undefined ? [] : [{ role: 'assistant', text: completion }],
    // The answer may go on with what the prompt begins: in its case, and where it ends.
    freedom: words ? anybodysWords : { typing: true },
    ...(tools && { tools }),
    ...(ownLayout && { layout: ownLayout }),
  };
}

function answerOf(row: PlainRow): string {
  const { completion } = render(row);
  return completion.map((segment) => segment.text).join('');
}
