import type { Position, Tokenizer } from './tokenizer.ts';

/**
 * Where the answer to a prompt stands. After a prompt without text (empty, or special tokens alone) the answer begins
 * the text, and a tokenizer that puts a space before a text puts it before the answer; decode it accordingly.
 */
export function answerPosition(promptIds: readonly number[], { bosId, eosId, startsAfter }: Tokenizer): Position {
  const last = promptIds.at(-1);
  if (startsAfter && last !== undefined) return startsAfter(last) ? 'start' : 'continuation';
  return promptIds.every((id) => id === bosId || id === eosId) ? 'start' : 'continuation';
}
