import type { Phrasings } from '@counterweight/core/recipe';
import type { z } from 'zod';
import { boughtTogetherRow, likelyReturnedRow, nextItemsRow, productSearchRow, type RetailRow } from './row.ts';

/** What tells one task from another; everything else they share. */
export interface Task {
  readonly row: z.ZodType<RetailRow>;
  readonly answerField: string;
  /** The last line of the prompt. */
  readonly instruction: string;
  readonly phrasings: Phrasings;
  /** R_g of the task's fixture with the tokenizer of stories260k (`experiments/recipes/results.json`). */
  readonly generationRatio: number;
}

export type TaskName = 'next-items' | 'bought-together' | 'likely-returned' | 'product-search';

export const tasks: Readonly<Record<TaskName, Task>> = {
  'next-items': {
    row: nextItemsRow,
    answerField: 'next',
    instruction: 'Name what this shopper buys next, likeliest first, one a line.',
    phrasings: {
      question: 'What does this shopper buy next? One a line, likeliest first.',
      list: 'List what this shopper buys next, a line for each, likeliest first.',
      heldOut: 'Say line by line what this shopper is going to buy, beginning with the likeliest.',
    },
    generationRatio: 0.327,
  },
  'bought-together': {
    row: boughtTogetherRow,
    answerField: 'together',
    instruction: 'Name what goes into this basket too, likeliest first, one a line.',
    phrasings: {
      question: 'What else goes into this basket? One a line, likeliest first.',
      list: 'List what goes into this basket too, a line for each, likeliest first.',
      heldOut: 'Say line by line what else is put into this basket, beginning with the likeliest.',
    },
    generationRatio: 0.15,
  },
  'likely-returned': {
    row: likelyReturnedRow,
    answerField: 'willReturn',
    instruction: 'Name what this shopper will send back of the order, likeliest first, one a line, or say "nothing".',
    phrasings: {
      question: 'What of the order will this shopper send back? One a line, likeliest first, or "nothing".',
      list: 'List what this shopper will send back of the order, a line for each, likeliest first, or say "nothing".',
      heldOut: 'Say line by line what of the order comes back, beginning with the likeliest, or answer "nothing".',
    },
    // No real rows to measure: as for bought together, whose answers are as short.
    generationRatio: 0.15,
  },
  'product-search': {
    row: productSearchRow,
    answerField: 'results',
    instruction: 'Name what this shopper looks for, likeliest first, one a line.',
    phrasings: {
      question: 'What does this shopper look for? One a line, likeliest first.',
      list: 'List what this shopper looks for, a line for each, likeliest first.',
      heldOut: 'Say line by line what this shopper wants to find, beginning with the likeliest.',
    },
    generationRatio: 0.227,
  },
};
