import { type Phrasings, shortAnswerEvidence } from '@counterweight/core/recipe';
import { z } from 'zod';
import { instructionWith, type LabelOptions, labelOptions, labelSchemaOf } from '../label.ts';
import { messageLayout, ownWords } from '../layout.ts';
import { type MaskedRow, type MaskOption, masking, maskOption, tallyMasks } from '../personal-data/masked-row.ts';
import { labelAnswer } from './label-answer.ts';
import { answer, type Task } from './task.ts';

export const intentOptions = z.strictObject({
  /** What the model is to do. */
  task: z.literal('intent'),
  ...labelOptions,
  ...maskOption,
});

const PHRASINGS: Phrasings = {
  order: '\nName what the customer wants.',
  intent: '\nWhat is the intent of this message?',
  heldOut: '\nSay what this customer is asking for.',
};

export interface IntentRow extends MaskedRow {
  /** What the customer wrote, at any turn of a conversation. */
  readonly message: string;
  /** A label: what the customer wants of this turn. */
  readonly intent?: string | undefined;
}

/**
 * Name the intent of a customer's turn, one of a set of labels.
 *
 *     Customer: can you move me to a window seat
 *     What does the customer want?
 *     change seat assignment
 */
export function intent(options: LabelOptions & MaskOption): Task<IntentRow> {
  const row = z.object({ message: z.string().trim().min(1), intent: labelSchemaOf(options).optional() });
  return {
    row: masking<IntentRow>(row, ['message'], options),
    defaults: {
      promptLossWeight: 0.01,
      promptLossWeightReason: `labels are much shorter than the turns they name (R_g = 0.28 on MultiDoGO); ${shortAnswerEvidence}`,
      generationRatio: 0.28,
      maxLength: 512,
      maxNewTokens: 32,
    },
    layout: messageLayout,
    render: (row) => ({
      prompt: [
        { role: 'user', text: row.message, shorten: 'end', freedom: ownWords },
        { role: 'user', ...instructionWith('\nWhat does the customer want?', PHRASINGS, options) },
      ],
      completion: answer(row.intent),
    }),
    ...labelAnswer({ field: 'intent', labels: options.labels, labelOf: (row) => row.intent }),
    tally: tallyMasks,
  };
}
