import { prependScheme } from './pipeline/pre-tokenizers.ts';
import { type AddedToken, flatSteps, type TokenizerJson } from './tokenizer-json.ts';

/** The space that many tokenizers put before a text. */
export interface Prefix {
  /** Whether there is one at the beginning of a text. */
  readonly addsPrefix: boolean;
  /** Whether there is one after this added token too, where it stands in a text. */
  readonly addsAfter: (token: AddedToken) => boolean;
}

export function readPrefix(json: TokenizerJson): Prefix {
  const before = flatSteps(json.normalizer).some(
    (step) => step.type === 'Prepend' && (step.prepend === '▁' || step.prepend === ' '),
  );
  const scheme = flatSteps(json.pre_tokenizer).map((step) => {
    if (step.type === 'ByteLevel') return step.add_prefix_space === false ? 'never' : 'always';
    return step.type === 'Metaspace' ? prependScheme(step) : 'never';
  });
  const always = scheme.includes('always');
  return {
    addsPrefix: before || always || scheme.includes('first'),
    // What stands before the first token of normalised text has its prefix before that token is looked for.
    addsAfter: ({ normalized }) => always || (before && !normalized),
  };
}
