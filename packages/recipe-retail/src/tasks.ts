import type { z } from 'zod';
import { boughtTogetherRow, likelyReturnedRow, nextItemsRow, productSearchRow, type RetailRow } from './row.ts';

/** What tells one task from another; everything else they share. */
export interface Task {
  readonly row: z.ZodType<RetailRow>;
  readonly answerField: string;
  /** The last line of the prompt. */
  readonly instruction: string;
  /** R_g of the task's fixture with the tokenizer of stories260k; within 0.02 of that with SmolLM2's 49,152 tokens. */
  readonly generationRatio: number;
}

export type TaskName = 'next-items' | 'bought-together' | 'likely-returned' | 'product-search';

export const tasks: Readonly<Record<TaskName, Task>> = {
  'next-items': {
    row: nextItemsRow,
    answerField: 'next',
    instruction: 'Name what this shopper buys next, likeliest first, one a line.',
    generationRatio: 0.295,
  },
  'bought-together': {
    row: boughtTogetherRow,
    answerField: 'together',
    instruction: 'Name what goes into this basket too, likeliest first, one a line.',
    generationRatio: 0.145,
  },
  'likely-returned': {
    row: likelyReturnedRow,
    answerField: 'willReturn',
    instruction: 'Name what this shopper will send back of the order, likeliest first, one a line, or say "nothing".',
    // No real rows to measure: as for bought together, whose answers are as short.
    generationRatio: 0.145,
  },
  'product-search': {
    row: productSearchRow,
    answerField: 'results',
    instruction: 'Name what this shopper looks for, likeliest first, one a line.',
    generationRatio: 0.202,
  },
};
