import { breather, orAbort } from '../abort.ts';
import { makeBatch } from '../batches/batch.ts';
import { batchesByLength } from '../batches/batches-by-length.ts';
import type { Decoder } from '../model/decoder.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { Examples, TokenizedExample } from '../tokenization/example.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { addSums, meanLosses, NO_LOSS } from '../training/loss/loss-sums.ts';
import type { Evaluation } from './evaluation.ts';
import { measureLoss } from './measure-loss.ts';
import { measureMetrics, predict, type Samples } from './measure-metrics.ts';

export interface EvaluationSet<Row> {
  readonly rows: readonly Row[];
  readonly examples: Examples;
}

/**
 * Losses over all examples (plain means over targets, and the weighted loss divided by the total weight), and the
 * recipe's metrics on outputs for the examples' prompts, where it has metrics.
 */
export async function evaluateDecoder<Row>(
  decoder: Decoder,
  set: EvaluationSet<Row>,
  {
    recipe,
    tokenizer,
    sampling,
    onProgress,
    signal,
  }: {
    recipe: Recipe<Row>;
    tokenizer: Tokenizer;
    /** Default: one output a row, greedily. */
    sampling?: Samples | undefined;
    onProgress?: ((done: number, of: number) => void) | undefined;
    signal?: AbortSignal | undefined;
  },
): Promise<Evaluation> {
  const { rows, examples } = set;
  const generates = recipe.metrics.length > 0;
  const total = examples.length * (generates ? 1 + (sampling?.samples ?? 1) : 1);
  let done = 0;
  const advance = (count: number) => {
    done += count;
    onProgress?.(done, total);
  };
  const breathe = breather(signal);
  let sums = NO_LOSS;
  const lengths = Array.from({ length: examples.length }, (_, i) => exampleAt(examples, i).ids.length);
  for (const batch of batchesByLength(lengths)) {
    sums = addSums(sums, await measureLoss(decoder, makeBatch(batch.map((i) => exampleAt(examples, i)))));
    advance(batch.length);
    await breathe();
  }
  const { promptLoss, completionLoss } = meanLosses(sums);
  const predictions = generates
    ? await predict(decoder, set, { recipe, tokenizer, sampling, onDone: advance, signal })
    : [];
  return {
    rows: rows.length,
    tokens: lengths.reduce((sum, length) => sum + length, 0),
    loss: sums.weight > 0 ? sums.weighted / sums.weight : 0,
    promptLoss,
    completionLoss,
    perplexity: completionLoss === null ? null : Math.exp(completionLoss),
    metrics: await orAbort(measureMetrics(recipe.metrics, predictions), signal),
  };
}

const exampleAt = (examples: Examples, i: number): TokenizedExample => examples.at(i) as TokenizedExample;
