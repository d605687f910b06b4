import type * as tf from '@tensorflow/tfjs-core';
import { breather } from '../abort.ts';
import type { Decoder } from '../model/decoder.ts';
import type { Constraint } from './constraint.ts';
import { startInference } from './inference.ts';
import { chooseToken, type Sampling } from './sampling.ts';

export interface GenerateIdsOptions extends Sampling {
  /** Generation stops here; the id itself is not part of the result. */
  readonly eosId: number;
  /** And here. */
  readonly stopIds?: readonly number[] | undefined;
  /** For all prompts, or for each. */
  readonly maxNewTokens: number | readonly number[];
  /** Numbers in [0, 1), needed when temperature > 0. */
  readonly random?: () => number;
  /** What the output of each prompt may be; undefined where it may be anything. */
  readonly constraints?: readonly (Constraint | undefined)[];
  /** Texts are written at the same time as long as their number times the longest, in tokens, is no more; default all. */
  readonly tokensAtOnce?: number;
  /** Called with every new token; 'end' makes it the last one of its text. */
  readonly onToken?: (prompt: number, id: number) => 'end' | undefined;
  /** Called when a text is whole. */
  readonly onEnd?: ((prompt: number, output: GeneratedIds) => void) | undefined;
  /** Looked at after every token, and between the layers that read a prompt. */
  readonly signal?: AbortSignal | undefined;
}

/** What was written after a prompt, without the prompt and without end-of-sequence. */
export interface GeneratedIds {
  readonly ids: readonly number[];
  /** Whether it went on to the limit instead of ending by itself; under a constraint, whether it would have gone on otherwise. */
  readonly cut: boolean;
}

/** The ids that continue each prompt. */
export async function generateIds(
  decoder: Decoder,
  prompts: readonly (readonly number[])[],
  options: GenerateIdsOptions,
): Promise<number[][]> {
  return (await generateOutputs(decoder, prompts, options)).map(({ ids }) => [...ids]);
}

/**
 * Continues each prompt until end-of-sequence, `maxNewTokens` or the model's context length. An output under a
 * constraint ends within that room; it is empty where the constraint allows none so short. Where not all are written at once, those
 * that wait take the places of those that are done, the shortest first.
 * @param prompts ids, each at least one; results in the same order
 * @throws the reason of the signal once it is aborted
 */
export async function generateOutputs(
  decoder: Decoder,
  prompts: readonly (readonly number[])[],
  {
    eosId,
    stopIds = [],
    maxNewTokens,
    random = Math.random,
    constraints = [],
    tokensAtOnce = Number.POSITIVE_INFINITY,
    onToken,
    onEnd,
    signal,
    ...sampling
  }: GenerateIdsOptions,
): Promise<GeneratedIds[]> {
  const { contextLength } = decoder.config;
  const outputs = prompts.map((ids, i): Output => {
    const limit = typeof maxNewTokens === 'number' ? maxNewTokens : (maxNewTokens[i] as number);
    return lookAhead({
      ids: [],
      cut: false,
      room: Math.min(limit, contextLength - ids.length),
      constraint: constraints[i],
      allowed: undefined,
    });
  });
  const isOver = ({ room, allowed }: Output) => room <= 0 || (allowed?.every((id) => id === eosId) ?? false);
  const end = (prompt: number) => onEnd?.(prompt, outputs[prompt] as Output);
  for (const [i, output] of outputs.entries()) if (isOver(output)) end(i);
  const open = outputs.flatMap((output, i) => (isOver(output) ? [] : [i]));
  const lengths = prompts.map((ids, i) => ids.length + (outputs[i] as Output).room);
  const queue = placesFor(open, lengths, tokensAtOnce);
  const prompt = (i: number) => prompts[i] as readonly number[];
  const breathe = breather(signal);
  let inference = startInference(decoder, { breathe });
  try {
    let going = queue.take([]);
    let logits = going.length > 0 ? await rowsOf(inference.prefill(going.map(prompt))) : [];
    while (going.length > 0) {
      const chosen = going.map((i, row) => {
        const own = logits[row] as Float32Array;
        const output = outputs[i] as Output;
        if (isHurried(output, own)) outputs[i] = { ...output, cut: true };
        return chooseToken(own, sampling, random, output.allowed);
      });
      const rows = going.flatMap((i, row) => {
        const id = chosen[row] as number;
        if (id !== eosId && !stopIds.includes(id)) {
          const output = written(outputs[i] as Output, id);
          outputs[i] = output;
          if (onToken?.(i, id) !== 'end' && !isOver(output)) return [row];
        }
        end(i);
        return [];
      });
      await breathe();
      going = rows.map((row) => going[row] as number);
      const joining = queue.take(going);
      if (going.length > 0) {
        inference.keepRows(rows);
        logits = await rowsOf(inference.next(rows.map((row) => chosen[row] as number)));
        if (joining.length > 0) logits.push(...(await rowsOf(inference.join(joining.map(prompt)))));
      } else if (joining.length > 0) {
        inference.dispose();
        inference = startInference(decoder, { breathe });
        logits = await rowsOf(inference.prefill(joining.map(prompt)));
      }
      going.push(...joining);
    }
    return outputs;
  } finally {
    inference.dispose();
  }
}

/** Logits row by row. */
async function rowsOf(computed: Promise<tf.Tensor2D>): Promise<Float32Array[]> {
  const logits = await computed;
  const [rows, size] = logits.shape;
  const values = (await logits.data()) as Float32Array;
  logits.dispose();
  return Array.from({ length: rows }, (_, row) => values.subarray(row * size, (row + 1) * size));
}

/** Who waits for a place, the shortest first. */
function placesFor(waiting: readonly number[], lengths: readonly number[], tokensAtOnce: number) {
  const queue = [...waiting].sort((a, b) => (lengths[a] as number) - (lengths[b] as number));
  let filled = 0;
  return {
    /** Those who come in beside those who are there. Only when half of the places are free: to read prompts by the handful is faster. */
    take(there: readonly number[]): number[] {
      if (2 * there.length > filled) return [];
      const joining: number[] = [];
      for (let next = queue[0]; next !== undefined; next = queue[0]) {
        const count = there.length + joining.length + 1;
        if (count > 1 && count * (lengths[next] as number) > tokensAtOnce) break;
        joining.push(queue.shift() as number);
      }
      if (joining.length > 0) filled = there.length + joining.length;
      return joining;
    },
  };
}

/** What is written for a prompt, and what may come next. */
interface Output extends GeneratedIds {
  readonly ids: number[];
  /** Tokens that may still be written. */
  readonly room: number;
  readonly constraint: Constraint | undefined;
  /** Ids that may come next; undefined where that is any. */
  readonly allowed: readonly number[] | undefined;
}

const lookAhead = (output: Output): Output => ({ ...output, allowed: output.constraint?.allowed(output.room) });

function written({ ids, cut: wasCut, room, constraint }: Output, id: number): Output {
  ids.push(id);
  // Under a constraint the last token that there is room for ends an answer.
  const cut = constraint ? wasCut : room === 1;
  return lookAhead({ ids, cut, room: room - 1, constraint: constraint?.after(id), allowed: undefined });
}

/** Whether what is likeliest of all that a constraint allows is not there to choose, for want of room. */
function isHurried({ constraint, room, allowed = [] }: Output, logits: Float32Array): boolean {
  if (!constraint?.isHurried?.(room)) return false;
  const likeliest = chooseToken(logits, {}, Math.random, constraint.allowed(Infinity));
  return !allowed.includes(likeliest);
}
