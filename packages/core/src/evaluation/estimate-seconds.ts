import type * as tf from '@tensorflow/tfjs-core';
import { batchesByLength } from '../batches/batches-by-length.ts';
import { startInference } from '../generation/inference.ts';
import type { GenerationRequest } from '../generation/request.ts';
import type { Decoder } from '../model/decoder.ts';

/** How long an evaluation will take, as measured at its beginning. */
export interface EvaluationEstimate {
  readonly rows: number;
  /** Texts that are written: samples of each row, and answers where rows are asked again. */
  readonly outputs: number;
  /** At most: outputs that end before their limit take less. What metrics do afterwards is not in it. */
  readonly seconds: number;
}

/**
 * Seconds for writing what is requested, group after group, up to the limit of each: from the time of one token for a full batch, and the
 * time that a token of a prompt takes.
 */
export async function secondsToGenerate(
  decoder: Decoder,
  groups: readonly (readonly GenerationRequest[])[],
  secondsPerToken: number,
): Promise<number> {
  const batches = groups.flatMap((requests) => {
    const lengths = requests.map(({ promptIds, maxNewTokens }) => promptIds.length + maxNewTokens);
    return batchesByLength(lengths).map((batch) => {
      const own = batch.map((i) => requests[i] as GenerationRequest);
      const longest = (of: (request: GenerationRequest) => number) => Math.max(...own.map(of));
      const steps = longest(({ maxNewTokens }) => maxNewTokens);
      return { rows: own.length, prompts: own.length * longest(({ promptIds }) => promptIds.length), steps };
    });
  });
  if (batches.length === 0) return 0;
  const rows = Math.max(...batches.map((batch) => batch.rows));
  const perText = (await secondsOfToken(decoder, rows)) / rows;
  return batches.reduce((sum, { rows, prompts, steps }) => sum + prompts * secondsPerToken + steps * rows * perText, 0);
}

/** One token more for so many texts. */
async function secondsOfToken(decoder: Decoder, rows: number): Promise<number> {
  const read = async (computed: Promise<tf.Tensor>) => {
    const logits = await computed;
    await logits.data();
    logits.dispose();
  };
  const ids = Array.from({ length: rows }, () => 0);
  const inference = startInference(decoder);
  try {
    await read(inference.prefill(ids.map((id) => [id])));
    const start = performance.now();
    await read(inference.next(ids));
    return (performance.now() - start) / 1000;
  } finally {
    inference.dispose();
  }
}
