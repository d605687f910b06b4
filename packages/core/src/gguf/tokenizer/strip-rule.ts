import type { TokenizerJson } from '../../tokenizer/tokenizer-json.ts';

/**
 * Which tokens take the white space after them along, a GGUF file cannot say. llama.cpp knows one rule, that of Phi-3, and
 * follows it where the model's name says `phi-3` or `phi3`.
 */
export const NAME_THAT_STRIPS = /phi-?3/i;
/** Of all added tokens only these leave it. */
const LEAVING = ['<unk>', '<s>', '<|endoftext|>'];

/** Whether a tokenizer's added tokens strip by that rule. */
export function stripsAsPhi3({ added_tokens: tokens }: TokenizerJson): boolean {
  const has = (content: string) => tokens.some((token) => token.content === content);
  return (
    [...LEAVING, '</s>'].every(has) && tokens.every(({ content, rstrip }) => LEAVING.includes(content) === !rstrip)
  );
}

/** A model's name with the rule in it or without, as its tokenizer is. */
export function nameWithStripRule(name: string, json: TokenizerJson): string {
  if (stripsAsPhi3(json)) return NAME_THAT_STRIPS.test(name) ? name : `${name} (phi-3)`;
  return name.replace(new RegExp(NAME_THAT_STRIPS, 'gi'), 'phi 3');
}

/** Whether a special token strips, in a model that does. */
export const strippedAsPhi3 = (content: string): boolean => !LEAVING.includes(content);
