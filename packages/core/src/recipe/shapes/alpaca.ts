import type { PlainLayout } from '../recipe.ts';

const nothing = { before: '', after: '' };
const layoutWith = (task: string): PlainLayout => ({
  system: { before: '', after: '\n\n' },
  user: {
    before: `Below is an instruction that describes a task${task}. Write a response that appropriately completes the request.\n\n### Instruction:\n`,
    after: '\n\n### Response:',
  },
  assistant: { before: '', after: '\n\n' },
  tool: nothing,
});
const alone = layoutWith('');
const withInput = layoutWith(', paired with an input that provides further context');

/**
 * An instruction in Alpaca's own words where there is no chat template:
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
export const inAlpacasWords = (instruction: string, input: string) => ({
  text: input === '' ? instruction : `${instruction}\n\n### Input:\n${input}`,
  layout: input === '' ? alone : withInput,
});
