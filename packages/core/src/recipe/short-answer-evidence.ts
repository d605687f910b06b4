/**
 * What our sweeps say of short answers, for a recipe's `promptLossWeightReason`.
 * docs/how-much-should-the-prompt-count.md has the whole of it.
 */
export const shortAnswerEvidence =
  'in our sweeps with short answers (R_g = 0.08 and 0.16) no weight did the task better than 0, and 0.01, not told from 0 ' +
  'at it, kept more of the language that the model had before';
