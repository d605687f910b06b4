import type { PreviewedExample, Receipt } from '@counterweight/core';

/** Who speaks in a prompt: their words count by the prompt's weight. */
const PROMPT_ROLES = new Set(['system', 'user', 'tool']);

export interface Previewed {
  readonly receipt: Receipt;
  readonly examples: readonly PreviewedExample[];
}

/**
 * What would be trained on with another weight of the prompt, from a preview at weight 1: the loss weights are no part of the
 * tokenized rows, so nothing is read or counted anew, and a slider may be moved over a million rows.
 * @param weight above 0: at 0 rows may be dropped of which nothing is left to learn
 */
export function receiptAtWeight({ receipt, examples }: Previewed, weight: number): Previewed {
  const { promptWeightShare: prompt, templateWeightShare: template = 0 } = receipt;
  // The other weights stay: all of them together were 1.
  const all = weight * prompt + (1 - prompt);
  return {
    receipt: {
      ...receipt,
      promptWeightShare: (weight * prompt) / all,
      ...(receipt.templateWeightShare !== undefined && { templateWeightShare: template / all }),
    },
    examples: examples.map((example) => ({
      ...example,
      weights: example.weights.map((own, i) => (PROMPT_ROLES.has(example.roles[i] ?? '') ? own * weight : own)),
    })),
  };
}
