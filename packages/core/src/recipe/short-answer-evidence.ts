/**
 * What is known of a small prompt weight where answers are short, for a recipe's `promptLossWeightReason`: with its size
 * and its source. docs/prompt-weight.md has the whole of it.
 */
export const shortAnswerEvidence =
  'where answers were a twelfth as long as prompts (R_g = 0.08) a small weight came out better than 0, by less than 2 ' +
  'points (arXiv 2401.13586)';
