import { hash } from 'node:crypto';
import type { RenderedExample, Segment } from '../../recipe/recipe.ts';

/**
 * A name for what an example says: equal for examples whose prompts and completions are the same, whatever else their
 * rows hold (numbers, sources, weights). 96 bits, so that two different ones out of a billion share theirs once in 10¹¹.
 */
export function exampleKey({ prompt, completion, tools }: RenderedExample): string {
  const told = ({ role, text, message }: Segment) => (message === undefined ? [role, text] : [role, text, message]);
  const content = JSON.stringify([prompt.map(told), completion.map(told), ...(tools ? [tools] : [])]);
  return hash('sha256', content, 'base64').slice(0, 16);
}

/** A run of letters and digits; of scripts that write no spaces between words, each character. */
const WORD = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]|[\p{L}\p{M}\p{N}]+/gu;

/** The words of an example in order, without case, punctuation and the ways of writing one character. */
export function exampleWords({ prompt, completion }: RenderedExample): string[] {
  const text = [...prompt, ...completion].map((segment) => segment.text).join('\n');
  return text.normalize('NFKC').toLowerCase().match(WORD) ?? [];
}
