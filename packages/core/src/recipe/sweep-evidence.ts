/**
 * What our sweeps say of short answers, for a recipe's `promptLossWeightReason`.
 * docs/how-much-should-the-prompt-count.md has the whole of it.
 */
export const shortAnswerEvidence =
  'in our sweeps with short answers (R_g = 0.08 and 0.16) no weight did the task better than 0, and 0.01, not told from 0 ' +
  'at it, kept more of the language that the model had before';

/** The same of answers that are about as long as their prompts or longer. */
export const longAnswerEvidence =
  'in our sweeps with longer answers (R_g = 0.99, 1.19 and 3.95) no weight above 0 kept more of the language before, and ' +
  'higher ones lowered the loss of answers that are a part of the same text as the prompt, which these are not';
