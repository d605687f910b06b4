import { makeBatch } from '../data/batch.ts';
import { batchesByLength } from '../data/batches-by-length.ts';
import type { TokenizedExample } from '../data/example.ts';
import { generateTexts } from '../generation/generate-texts.ts';
import type { Decoder } from '../model/decoder.ts';
import type { Prediction, Recipe } from '../recipe/recipe.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { Evaluation } from '../training/events.ts';
import { addSums, meanLosses, NO_LOSS } from '../training/loss-sums.ts';
import { measureLoss } from '../training/step.ts';

export interface EvaluationSet<Row> {
  readonly rows: readonly Row[];
  readonly examples: readonly TokenizedExample[];
}

/**
 * Losses over all examples (plain means over targets, and the weighted loss divided by the total weight), and the
 * recipe's metrics on greedy outputs, where it has metrics.
 */
export async function evaluateDecoder<Row>(
  decoder: Decoder,
  { rows, examples }: EvaluationSet<Row>,
  {
    recipe,
    tokenizer,
    onProgress,
  }: {
    recipe: Recipe<Row>;
    tokenizer: Tokenizer;
    onProgress?: ((done: number, of: number) => void) | undefined;
  },
): Promise<Evaluation> {
  const generates = recipe.metrics.length > 0;
  const total = examples.length * (generates ? 2 : 1);
  let done = 0;
  const advance = (count: number) => {
    done += count;
    onProgress?.(done, total);
  };
  let sums = NO_LOSS;
  for (const batch of batchesByLength(examples.map((example) => example.ids.length))) {
    sums = addSums(sums, await measureLoss(decoder, makeBatch(batch.map((i) => examples[i] as TokenizedExample))));
    advance(batch.length);
  }
  const means = meanLosses(sums);
  return {
    rows: rows.length,
    tokens: examples.reduce((sum, example) => sum + example.ids.length, 0),
    loss: sums.weight > 0 ? sums.weighted / sums.weight : 0,
    ...means,
    perplexity: means.completionLoss === null ? null : Math.exp(means.completionLoss),
    metrics: generates ? await measureMetrics(decoder, { rows, examples }, recipe, tokenizer, advance) : {},
  };
}

async function measureMetrics<Row>(
  decoder: Decoder,
  { rows, examples }: EvaluationSet<Row>,
  recipe: Recipe<Row>,
  tokenizer: Tokenizer,
  advance: (count: number) => void,
): Promise<Record<string, number>> {
  const prompts = examples.map((example) => example.ids.slice(0, example.promptLength));
  const { maxNewTokens } = recipe.defaults;
  const texts = await generateTexts(decoder, prompts, { tokenizer, maxNewTokens, onDone: advance });
  const predictions = texts.map((text, i): Prediction<Row> => ({ row: rows[i] as Row, text }));
  return Object.fromEntries(recipe.metrics.map((metric) => [metric.name, metric.compute(predictions)]));
}
