/** Rows that say what other rows say: how many there are, whether or not they are trained on. */
export interface DuplicateCounts {
  /** Training rows that say what an earlier one says, word for word. */
  readonly exact: number;
  /** Training rows that say nearly what an earlier one says, where such rows were looked for. */
  readonly near?: number;
  /** Training rows that a row to evaluate on says word for word, or nearly, and how many of them were left out. */
  readonly inEvaluation: { readonly exact: number; readonly near?: number; readonly dropped: number };
}

/** Why a row is left out before it is tokenized. */
export type ScreenDropReason = 'duplicate' | 'near-duplicate' | 'in-evaluation';
