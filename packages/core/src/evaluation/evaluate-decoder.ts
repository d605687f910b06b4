import { makeBatch } from '../data/batch.ts';
import type { TokenizedExample } from '../data/example.ts';
import { generateIds } from '../generation/generate-ids.ts';
import type { Decoder } from '../model/decoder.ts';
import type { Prediction, Recipe } from '../recipe/recipe.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { Evaluation } from '../training/events.ts';
import { addSums, meanLosses, NO_LOSS } from '../training/loss-sums.ts';
import { measureLoss } from '../training/step.ts';

/** Tokens in a batch at most, padding counted: enough to keep an engine busy, little enough for memory. */
const BATCH_TOKENS = 4096;

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
  { recipe, tokenizer, onProgress }: {
    recipe: Recipe<Row>;
    tokenizer: Tokenizer;
    onProgress?: ((done: number, of: number) => void) | undefined;
  },
): Promise<Evaluation> {
  const generates = recipe.metrics.length > 0;
  const total = examples.length * (generates ? 2 : 1);
  let done = 0;
  const advance = (count: number) => onProgress?.((done += count), total);
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
  const predictions: Prediction<Row>[] = [];
  const prompts = examples.map((example) => example.ids.slice(0, example.promptLength));
  const { maxNewTokens } = recipe.defaults;
  for (const batch of batchesByLength(prompts.map((prompt) => prompt.length + maxNewTokens))) {
    const batchPrompts = batch.map((i) => prompts[i] as number[]);
    const outputs = await generateIds(decoder, batchPrompts, { eosId: tokenizer.eosId, maxNewTokens });
    for (const [j, i] of batch.entries()) {
      const text = tokenizer.decode(outputs[j] as number[], 'continuation');
      predictions[i] = { row: rows[i] as Row, text };
    }
    advance(batch.length);
  }
  return Object.fromEntries(recipe.metrics.map((metric) => [metric.name, metric.compute(predictions)]));
}

/** Indices in order of length, in batches of at most `BATCH_TOKENS`: little padding, and the order does not matter here. */
function batchesByLength(lengths: readonly number[]): number[][] {
  const order = lengths.map((_, i) => i).sort((a, b) => (lengths[a] as number) - (lengths[b] as number));
  const batches: number[][] = [];
  for (const i of order) {
    const batch = batches.at(-1);
    // The newest is the longest, so it sets the padded length of the batch.
    if (batch && (batch.length + 1) * (lengths[i] as number) <= BATCH_TOKENS) batch.push(i);
    else batches.push([i]);
  }
  return batches;
}
