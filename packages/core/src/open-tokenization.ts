import { join } from 'node:path';
import { cached, trimCache } from './data/chunk-cache.ts';
import { type TokenizeChunk, tokenizeHere } from './data/tokenize-rows.ts';
import { counterweightHome } from './engine/install-recipes.ts';
import { hashWords, type Words, type WordsPlace } from './open-words.ts';
import { tokenizeInWorkers } from './tokenize-in-workers.ts';

interface Tokenization extends Words {
  /** Undefined with a tokenizer of the user's, which is not in a folder. */
  readonly words: WordsPlace | undefined;
}

/**
 * How a task's rows become ids: looked up where they were tokenized before, else here, and in other threads when there
 * are many. A tokenizer of the user's own stays on this thread, and nothing is kept of what it makes.
 */
export async function openTokenization({
  tokenizer,
  chat,
  words,
  training,
}: Tokenization): Promise<{ tokenizeChunk: TokenizeChunk; close: () => Promise<void> }> {
  const here = tokenizeHere(tokenizer, chat);
  if (!words) return { tokenizeChunk: here, close: async () => {} };
  const { tokenizeChunk, close } = tokenizeInWorkers(words, here);
  if (!training.cache) return { tokenizeChunk, close };
  const cache = { folder: join(counterweightHome(), 'cache', 'tokenized'), wordsHash: await hashWords(words) };
  return {
    tokenizeChunk: cached(tokenizeChunk, cache),
    close: async () => {
      await close();
      await trimCache(cache);
    },
  };
}
