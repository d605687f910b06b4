import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../files/make-folder.ts';
import { counterweightHome } from '../home.ts';
import { hashTextProcessing, type TextProcessing, type TextProcessingSource } from '../tokenizer/text-processing.ts';
import { cached, trimCache } from './tokenization-cache.ts';
import { type TokenizeChunk, tokenizeHere } from './tokenize-rows.ts';
import { tokenizeInWorkers } from './tokenizer-pool.ts';

interface Tokenization extends TextProcessing {
  /** Undefined with a tokenizer of the user's, which is not in a folder. */
  readonly textProcessing: TextProcessingSource | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * How a task's rows become ids: looked up where they were tokenized before, else here, and in other threads when there
 * are many. A tokenizer of the user's own stays on this thread, and nothing is kept of what it makes.
 */
export async function openTokenization({
  tokenizer,
  chat,
  textProcessing,
  training,
  signal,
}: Tokenization): Promise<{ tokenizeChunk: TokenizeChunk; close: () => Promise<void> }> {
  const here = tokenizeHere(tokenizer, chat, signal);
  if (!textProcessing) return { tokenizeChunk: here, close: async () => {} };
  const { tokenizeChunk, close } = tokenizeInWorkers(textProcessing, here);
  if (!training.cache) return { tokenizeChunk, close };
  const folder = join(counterweightHome(), 'cache', 'tokenized');
  if (!(await isUsable(folder))) return { tokenizeChunk, close };
  const cache = { folder, wordsHash: await hashTextProcessing(textProcessing) };
  return {
    tokenizeChunk: cached(tokenizeChunk, cache),
    close: async () => {
      await close();
      await trimCache(cache);
    },
  };
}

/** Whether rows can be kept there. If not, a run is only slower, and a word says why. */
async function isUsable(folder: string): Promise<boolean> {
  try {
    await makeFolder(folder);
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return true;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    process.emitWarning(`Tokenized rows are not kept for the next run: ${reason}`, 'CounterweightWarning');
    return false;
  }
}
