import { parentPort, workerData } from 'node:worker_threads';
import { UserError } from '../errors.ts';
import { openTextProcessing, type TextProcessingSource } from '../tokenizer/text-processing.ts';
import type { RenderedRow } from './tokenize-rows.ts';
import { tokenizeHere } from './tokenize-rows.ts';
import type { Answer } from './tokenizer-pool.ts';

/** The other side of `tokenize-in-workers.ts`: a thread with a tokenizer of its own. */
const opened = openTextProcessing(workerData as TextProcessingSource).then(({ tokenizer, chat }) =>
  tokenizeHere(tokenizer, chat),
);

parentPort?.on('message', async ({ id, rows }: { id: number; rows: readonly RenderedRow[] }) => {
  parentPort?.postMessage(await answer(id, rows));
});

async function answer(id: number, rows: readonly RenderedRow[]): Promise<Answer> {
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
