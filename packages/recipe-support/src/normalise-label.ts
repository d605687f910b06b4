/** {@link normaliseLabel} in words, for the definitions of metrics. */
export const LABEL_NORMALISATION =
  'Labels are compared in lower case, with underscores, hyphens inside words and runs of white space read as one space, and ' +
  'without white space, quotation marks, asterisks and backticks at their ends, nor a full stop or the like at the end: ' +
  '“card_arrival”, “card arrival” and “Card arrival.” are one label.';

const HYPHENS_IN_WORDS = /(?<=[\p{L}\p{N}])[-\u2010\u2011]+(?=[\p{L}\p{N}])/gu;
/** Quotation marks and what Markdown puts around a word. A sign or a point stays: -1 and .5 are labels too. */
const AT_THE_START = /^[\s"'“”„‘’‚«»‹›`*]+/u;
const AT_THE_END = /[\s"'“”„‘’‚«»‹›`*.,;:!?…。؟]+$/u;

/**
 * A label as it is compared wherever labels are: rows with the option `labels`, outputs with the labels of rows. People and
 * models write the same label in several ways, `card_arrival`, "card arrival", "Card arrival."; accents, other punctuation
 * and word order tell labels apart, and so do capitals inside words ("CardArrival" is one word). A label of nothing but
 * punctuation is left as it is.
 */
export function normaliseLabel(label: string): string {
  const written = label.normalize('NFKC').toLowerCase();
  const words = written.replaceAll('_', ' ').replace(HYPHENS_IN_WORDS, ' ').replace(/\s+/gu, ' ').trim();
  return words.replace(AT_THE_START, '').replace(AT_THE_END, '') || written.trim();
}
