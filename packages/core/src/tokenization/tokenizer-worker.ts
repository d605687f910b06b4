import { parentPort, workerData } from 'node:worker_threads';
import { UserError } from '../errors.ts';
import { openTextProcessing, type TextProcessingSource } from '../tokenizer/text-processing.ts';
import type { RenderedRow } from './tokenize-rows.ts';
import { tokenizeHere } from './tokenize-rows.ts';
import type { Answer } from './tokenizer-pool.ts';

/** The other side of `tokenizer-pool.ts`: a thread with a tokenizer of its own. */
const opened = openTextProcessing(workerData as TextProcessingSource).then(({ tokenizer, chat }) =>
  tokenizeHere(tokenizer, chat),
);

parentPort?.on('message', async ({ id, rows }: { id: number; rows: readonly RenderedRow[] }) => {
  const made = await answer(id, rows);
  // The arrays of an example lie over one buffer, which changes hands instead of being copied.
  const examples =
    'outcomes' in made ? made.outcomes.filter((outcome) => typeof outcome === 'object' && 'ids' in outcome) : [];
  parentPort?.postMessage(
    made,
    examples.map(({ ids }) => ids.buffer as ArrayBuffer),
  );
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
