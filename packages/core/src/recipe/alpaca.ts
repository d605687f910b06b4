import { z } from 'zod';
import type { PlainLayout, RenderedExample } from './recipe.ts';

/** `{instruction, input?, output}`, as in the Alpaca data set and the many made after it. */
export const alpacaSchema = z.object({
  instruction: z.string(),
  input: z.string().nullish(),
  /** May be missing in a row to generate for. */
  output: z.string().optional(),
});

export type AlpacaRow = z.output<typeof alpacaSchema>;

const nothing = { before: '', after: '' };
const layoutWith = (task: string): PlainLayout => ({
  system: nothing,
  user: {
    before: `Below is an instruction that describes a task${task}. Write a response that appropriately completes the request.\n\n### Instruction:\n`,
    after: '\n\n### Response:',
  },
  assistant: nothing,
  tool: nothing,
});
const alone = layoutWith('');
const withInput = layoutWith(', paired with an input that provides further context');

/**
 * In Alpaca's own words where there is no chat template:
 *
 *     Below is an instruction that describes a task[, paired with an input that provides further context]. Write a
 *     response that appropriately completes the request.
 *
 *     ### Instruction:
 *     {instruction}
 *
 *     ### Input:                  (only where there is one)
 *     {input}
 *
 *     ### Response:{output}
 *
 * (tatsu-lab/stanford_alpaca, train.py). A chat template is given the instruction and, below its heading, the input as
 * what the user says.
 */
export function renderAlpaca({ instruction, input, output }: AlpacaRow): RenderedExample {
  const hasInput = typeof input === 'string' && input !== '';
  const text = hasInput ? `${instruction}\n\n### Input:\n${input}` : instruction;
  return {
    prompt: [{ role: 'user', text, shorten: 'end' }],
    completion: output === undefined ? [] : [{ role: 'assistant', text: output }],
    layout: hasInput ? withInput : alone,
  };
}
