import { type Phrasings, shortAnswerEvidence } from '@counterweight/core/recipe';
import { z } from 'zod';
import { labelSchema } from '../label.ts';
import { messageLayout, ownWords } from '../layout.ts';
import { type MaskedRow, type MaskOption, masking, maskOption, tallyMasks } from '../personal-data/masked-row.ts';
import { labelAnswer } from './label-answer.ts';
import { answer, type Task } from './task.ts';

export const nameTheProblemOptions = z.strictObject({
  /** What the model is to do. */
  task: z.literal('name-the-problem').default('name-the-problem').describe('what the model is to do'),
  ...maskOption,
});

const PHRASINGS: Phrasings = {
  question: '\nWhat is the problem, in a few words?',
  short: '\nGive the problem a short name.',
  heldOut: "\nIn a few words, say what this customer's problem is.",
};

export interface ProblemRow extends MaskedRow {
  /** What the customer wrote. */
  readonly message: string;
  /** The problem in a few words. A label such as `card_arrival` is read as the words "card arrival". */
  readonly problem?: string | undefined;
}

/**
 * Name the customer's problem in a few words; the label of a queue, a topic, or a free phrase.
 *
 *     Customer: I am still waiting on my card?
 *     Name the problem in a few words.
 *     card arrival
 */
export function nameTheProblem(options: MaskOption): Task<ProblemRow> {
  const row = z.object({ message: z.string().trim().min(1), problem: labelSchema.optional() });
  return {
    row: masking<ProblemRow>(row, ['message', 'problem'], options),
    defaults: {
      promptLossWeight: 0.01,
      promptLossWeightReason: `answers are much shorter than the messages they name (R_g = 0.26 on BANKING77); ${shortAnswerEvidence}`,
      generationRatio: 0.26,
      maxLength: 512,
      maxNewTokens: 32,
    },
    layout: messageLayout,
    render: ({ message, problem }) => ({
      prompt: [
        // A long message loses its end: customers name their problem first.
        { role: 'user', text: message, shorten: 'end', freedom: ownWords },
        { role: 'user', text: '\nName the problem in a few words.', phrasings: PHRASINGS },
      ],
      completion: answer(problem),
    }),
    ...labelAnswer({ field: 'problem', labelOf: (row) => row.problem }),
    tally: tallyMasks,
  };
}
