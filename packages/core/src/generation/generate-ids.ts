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
  /** Called with every new token; 'end' makes it the last one of its text. */
  readonly onToken?: (prompt: number, id: number) => 'end' | undefined;
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
 * constraint ends within that room; it is empty where the constraint allows none so short.
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
    onToken,
    signal,
    ...sampling
  }: GenerateIdsOptions,
): Promise<GeneratedIds[]> {
  const { vocabularySize, contextLength } = decoder.config;
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
  let going = outputs.flatMap((output, i) => (isOver(output) ? [] : [i]));
  if (going.length === 0) return outputs;
  const breathe = breather(signal);
  const inference = startInference(decoder, { breathe });
  try {
    let logits = await inference.prefill(going.map((i) => prompts[i] as readonly number[]));
    for (;;) {
      const values = (await logits.data()) as Float32Array;
      logits.dispose();
      const chosen = going.map((prompt, row) => {
        const own = values.subarray(row * vocabularySize, (row + 1) * vocabularySize);
        const output = outputs[prompt] as Output;
        if (isHurried(output, own)) outputs[prompt] = { ...output, cut: true };
        return chooseToken(own, sampling, random, output.allowed);
      });
      const rows = going.flatMap((prompt, row) => {
        const id = chosen[row] as number;
        if (id === eosId || stopIds.includes(id)) return [];
        const output = written(outputs[prompt] as Output, id);
        outputs[prompt] = output;
        if (onToken?.(prompt, id) === 'end') return [];
        return isOver(output) ? [] : [row];
      });
      if (rows.length === 0) return outputs;
      await breathe();
      going = rows.map((row) => going[row] as number);
      inference.keepRows(rows);
      logits = await inference.next(rows.map((row) => chosen[row] as number));
    }
  } finally {
    inference.dispose();
  }
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
