import { batchesByLength } from '../batches/batches-by-length.ts';
import type { Decoder } from '../model/decoder.ts';
import type { AnswerSet, RankedAnswers } from '../recipe/recipe.ts';
import type { Position, Tokenizer } from '../tokenizer/tokenizer.ts';
import { answerLikelihoods } from './answer-likelihoods.ts';

/** The texts of a set in ids, each with what stands behind it: the separator, or what ends an answer. */
export interface Candidates {
  readonly texts: readonly string[];
  readonly separator: string;
  readonly ids: readonly (readonly number[])[];
}

/** What is to be ranked for a prompt. */
export interface Ranking {
  readonly candidates: Candidates;
  readonly count: number;
  /** Added to the log-likelihood of a text; −Infinity leaves it out. */
  readonly bonus: (text: string) => number;
}

/** The candidates of a set for answers that stand at a position, as they are tokenized in training. */
export function candidatesOf({ texts, separator }: AnswerSet, tokenizer: Tokenizer, position: Position): Candidates {
  const distinct = [...new Set(texts)];
  const { endWords, eosId } = tokenizer;
  const end = [...(endWords ? tokenizer.encode(endWords, 'continuation') : []), eosId];
  const after = separator === undefined ? end : tokenizer.encode(separator, 'continuation');
  return {
    texts: distinct,
    separator: separator ?? '',
    ids: distinct.map((text) => [...tokenizer.encode(text, position), ...after]),
  };
}

/** What is ranked for a row of a recipe. */
export const rankingFor = <Row>({ count, bonus }: RankedAnswers, candidates: Candidates, row: Row): Ranking => ({
  candidates,
  count,
  bonus: (text) => bonus?.(text, row) ?? 0,
});

/** Tokens of the longest candidate. */
export const longestOf = ({ ids }: Candidates): number => Math.max(...ids.map(({ length }) => length));

/**
 * The likeliest texts after each prompt, with the separator between them; of equals the first by code units.
 * @throws the reason of the signal once it is aborted
 */
export async function rankAnswers(
  decoder: Decoder,
  requests: readonly { readonly promptIds: readonly number[]; readonly ranking: Ranking }[],
  { signal, onDone }: { signal?: AbortSignal | undefined; onDone?: ((prompts: number) => void) | undefined } = {},
): Promise<string[]> {
  const outputs: string[] = [];
  /** Several outputs of a row are the same one. */
  const known = new Map<readonly number[], Float64Array>();
  for (const candidates of new Set(requests.map(({ ranking }) => ranking.candidates))) {
    const ownRequests = requests.filter(({ ranking }) => ranking.candidates === candidates);
    const prompts = [...new Set(ownRequests.map(({ promptIds }) => promptIds))];
    const room = longestOf(candidates);
    for (const batch of batchesByLength(prompts.map(({ length }) => length + room))) {
      const own = batch.map((i) => prompts[i] as readonly number[]);
      const sums = await answerLikelihoods(decoder, own, candidates.ids, { signal });
      for (const [i, prompt] of own.entries()) known.set(prompt, sums[i] as Float64Array);
      onDone?.(ownRequests.filter(({ promptIds }) => own.includes(promptIds)).length);
    }
  }
  for (const [i, { promptIds, ranking }] of requests.entries()) {
    outputs[i] = likeliest(known.get(promptIds) as Float64Array, ranking).join(ranking.candidates.separator);
  }
  return outputs;
}

function likeliest(sums: Float64Array, { candidates: { texts }, count, bonus }: Ranking): string[] {
  return texts
    .map((text, i) => ({ text, score: (sums[i] as number) + bonus(text) }))
    .filter(({ score }) => score > Number.NEGATIVE_INFINITY)
    .sort((a, b) => b.score - a.score || (a.text < b.text ? -1 : 1))
    .slice(0, count)
    .map(({ text }) => text);
}
