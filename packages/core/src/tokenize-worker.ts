import { parentPort, workerData } from 'node:worker_threads';
import type { RowInWords } from './data/tokenize-rows.ts';
import { tokenizeHere } from './data/tokenize-rows.ts';
import { UserError } from './errors.ts';
import { openWords, type WordsPlace } from './open-words.ts';
import type { Answer } from './tokenize-in-workers.ts';

/** The other side of `tokenize-in-workers.ts`: a thread with a tokenizer of its own. */
const opened = openWords(workerData as WordsPlace).then(({ tokenizer, chat }) => tokenizeHere(tokenizer, chat));

parentPort?.on('message', async ({ id, rows }: { id: number; rows: readonly RowInWords[] }) => {
  parentPort?.postMessage(await answer(id, rows));
});

async function answer(id: number, rows: readonly RowInWords[]): Promise<Answer> {
  try {
    const tokenizeChunk = await opened;
    return { id, outcomes: await tokenizeChunk(rows) };
  } catch (error) {
    // An error loses its class on the way; a mistake of the user's is taken apart and put together again.
    if (!(error instanceof UserError)) return { id, error };
    const { code, problem, where, fix } = error;
    return { id, mistake: { code, problem, fix, ...(where === undefined ? {} : { where }) } };
  }
}
