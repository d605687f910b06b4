import type { Decoder } from '../model/decoder.ts';
import { startInference } from './inference.ts';
import { chooseToken, type Sampling } from './sampling.ts';

export interface GenerateIdsOptions extends Sampling {
  /** Generation stops here; the id itself is not part of the result. */
  readonly eosId: number;
  readonly maxNewTokens: number;
  /** Numbers in [0, 1), needed when temperature > 0. */
  readonly random?: () => number;
  /** Called with every new token. */
  readonly onToken?: (prompt: number, id: number) => void;
}

/**
 * Continues each prompt until end-of-sequence, `maxNewTokens` or the model's context length.
 * @param prompts ids, each at least one; results in the same order, without the prompt and without end-of-sequence
 */
export async function generateIds(
  decoder: Decoder,
  prompts: readonly (readonly number[])[],
  { eosId, maxNewTokens, random = Math.random, onToken, ...sampling }: GenerateIdsOptions,
): Promise<number[][]> {
  const results: number[][] = prompts.map(() => []);
  const { vocabularySize, contextLength } = decoder.config;
  const room = (prompt: number) =>
    Math.min(maxNewTokens, contextLength - (prompts[prompt] as readonly number[]).length) -
    (results[prompt] as number[]).length;
  let going = prompts.map((_, i) => i).filter((i) => room(i) > 0);
  if (going.length === 0) return results;
  const inference = startInference(decoder);
  try {
    let logits = inference.prefill(going.map((i) => prompts[i] as readonly number[]));
    for (;;) {
      const values = (await logits.data()) as Float32Array;
      logits.dispose();
      const chosen = going.map((_, row) =>
        chooseToken(values.subarray(row * vocabularySize, (row + 1) * vocabularySize), sampling, random),
      );
      const rows = going.flatMap((prompt, row) => {
        const id = chosen[row] as number;
        if (id === eosId) return [];
        results[prompt]?.push(id);
        onToken?.(prompt, id);
        return room(prompt) > 0 ? [row] : [];
      });
      if (rows.length === 0) return results;
      going = rows.map((row) => going[row] as number);
      inference.keepRows(rows);
      logits = inference.next(rows.map((row) => chosen[row] as number));
    }
  } finally {
    inference.dispose();
  }
}
