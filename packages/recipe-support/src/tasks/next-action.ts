import { type Phrasings, shortAnswerEvidence } from '@counterweight/core/recipe';
import { z } from 'zod';
import { checkConversation, conversationFields, conversationText } from '../conversation.ts';
import { instructionWith, type LabelOptions, labelOptions, labelSchemaOf } from '../label.ts';
import { conversationLayout, ownWords } from '../layout.ts';
import { type MaskedRow, type MaskOption, masking, maskOption, tallyMasks } from '../personal-data/masked-row.ts';
import { labelAnswer } from './label-answer.ts';
import { answer, type Task } from './task.ts';

export const nextActionOptions = z.strictObject({
  /** What the model is to do. */
  task: z.literal('next-action'),
  ...labelOptions,
  ...maskOption,
});

const PHRASINGS: Phrasings = {
  order: '\nName what the agent does next.',
  step: "\nWhat is the agent's next step?",
  heldOut: '\nSay what the agent is to do now.',
};

export interface ActionRow extends MaskedRow {
  /** The conversation so far, a line for each turn. */
  readonly source: string;
  /** What the agent, or the system for them, is to do now. */
  readonly action?: string | undefined;
}

/**
 * Name what is to be done next: look up an account, check a purchase, answer, hand over.
 *
 *     Agent: sure, may I have your name please?
 *     Customer: Crystal Minh
 *     What does the agent do next?
 *     pull up account
 */
export function nextAction(options: LabelOptions & MaskOption): Task<ActionRow> {
  const row = z
    .object({ ...conversationFields, action: labelSchemaOf(options).optional() })
    .superRefine(checkConversation)
    .transform(({ action, ...conversation }) => ({ source: conversationText(conversation), action }));
  return {
    row: masking<ActionRow>(row, ['source'], options),
    defaults: {
      promptLossWeight: 0.01,
      promptLossWeightReason: `a name of a few words stands against a whole conversation (R_g = 0.06 on Taskmaster-4 and ABCD); ${shortAnswerEvidence}`,
      generationRatio: 0.06,
      maxLength: 1024,
      maxNewTokens: 32,
    },
    layout: conversationLayout,
    render: (row) => ({
      prompt: [
        // A long conversation loses its beginning: what comes next hangs on what was said last.
        { role: 'user', text: row.source, shorten: 'start', freedom: ownWords },
        { role: 'user', ...instructionWith('\nWhat does the agent do next?', PHRASINGS, options) },
      ],
      completion: answer(row.action),
    }),
    ...labelAnswer({ field: 'action', labels: options.labels, labelOf: (row) => row.action }),
    tally: tallyMasks,
  };
}
