import { changeSteps, flatSteps, type Step, type TokenizerJson } from './tokenizer-json.ts';

/** U+2581, which SentencePiece-style tokenizers write for a space. */
export const SPACE_MARK = '\u2581';

export interface SplitPrefix {
  /** The tokenizer without the space it puts before a text, and without the decoder's removing it. */
  readonly json: TokenizerJson;
  /** Whether the tokenizer puts a space before a text. */
  readonly addsPrefix: boolean;
  /** Whether it does so after every added token within the text too, not at its beginning alone. */
  readonly addsEverywhere: boolean;
  /** Whether a space written before the text does the same; false where a normalizer would take it away again. */
  readonly prefixIsPlainSpace: boolean;
}

/**
 * Takes the space that many tokenizers put before a text apart from the rest. Only with the two apart can a text be
 * tokenized in pieces: the library would add the space before every piece, and remove it once.
 */
export function splitPrefix(json: TokenizerJson): SplitPrefix {
  const addsPrefix = [...flatSteps(json.normalizer), ...flatSteps(json.pre_tokenizer)].some(stepAddsPrefix);
  return {
    addsPrefix,
    addsEverywhere: addsPrefix && !flatSteps(json.pre_tokenizer).some((step) => step.prepend_scheme === 'first'),
    prefixIsPlainSpace: flatSteps(json.normalizer).every(keepsLeadingSpace),
    json: {
      ...json,
      normalizer: changeSteps(json.normalizer, (step) => (stepAddsPrefix(step) ? null : step)),
      pre_tokenizer: changeSteps(json.pre_tokenizer, withoutPrefix),
      decoder: changeSteps(json.decoder, keepingPrefix),
      // BOS and EOS are ours to write.
      post_processor: null,
    },
  };
}

function stepAddsPrefix(step: Step): boolean {
  switch (step.type) {
    case 'Prepend':
      return step.prepend === SPACE_MARK || step.prepend === ' ';
    case 'ByteLevel':
      return step.add_prefix_space === true;
    case 'Metaspace':
      // Files from before `prepend_scheme` say it with `add_prefix_space`.
      return step.prepend_scheme ? step.prepend_scheme !== 'never' : step.add_prefix_space !== false;
    default:
      return false;
  }
}

function keepsLeadingSpace(step: Step): boolean {
  if (step.type === 'Replace') return typeof step.pattern?.String === 'string';
  return ['Prepend', 'NFC', 'NFD', 'NFKC', 'NFKD', 'Lowercase'].includes(step.type);
}

function withoutPrefix(step: Step): Step {
  if (step.type === 'ByteLevel') return { ...step, add_prefix_space: false };
  if (step.type === 'Metaspace') return { ...step, add_prefix_space: false, prepend_scheme: 'never' };
  return step;
}

function keepingPrefix(step: Step): Step | null {
  if (step.type === 'Strip' && step.content === ' ') return null;
  if (step.type !== 'Metaspace') return step;
  const mark = typeof step.replacement === 'string' ? step.replacement : SPACE_MARK;
  return { type: 'Replace', pattern: { String: mark }, content: ' ' };
}
