import { UserError } from '../errors.ts';
import { generateTexts } from '../generation/generate-texts.ts';
import { requestMaker } from '../generation/request.ts';
import type { Sampling } from '../generation/sampling.ts';
import type { Decoder } from '../model/decoder.ts';
import { createRandom } from '../random.ts';
import type { Metric, Prediction, Recipe } from '../recipe/recipe.ts';
import type { Examples, TokenizedExample } from '../tokenization/example.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';

/** How outputs to be measured are generated. */
export interface Samples extends Sampling {
  /** Outputs of each row, which metrics such as pass@k need; more than one needs a temperature above 0. Default 1. */
  readonly samples?: number | undefined;
  /** Decides the sampling. Default 0. */
  readonly seed?: number | undefined;
  /** In place of the recipe's own. */
  readonly maxNewTokens?: number | undefined;
}

/** @throws {UserError} `option-invalid` for a number of samples that is none, and for samples that would be alike */
export function checkSamples({ samples = 1, temperature = 0 }: Samples = {}): void {
  const refuse = (problem: string, fix: string) =>
    new UserError({ code: 'option-invalid', problem, where: 'samples', fix });
  if (!(Number.isInteger(samples) && samples > 0)) {
    throw refuse(`There can't be ${samples} samples a row.`, 'Give a whole number, 1 or more.');
  }
  if (samples > 1 && !(temperature > 0)) {
    const fix = 'Give a temperature above 0, such as 0.8; or leave the samples out.';
    throw refuse(`Without a temperature, ${samples} samples of a row are all the same.`, fix);
  }
}

/** The outputs of a model for rows, those of a row one after the other and with the same row object. */
export async function predict<Row>(
  decoder: Decoder,
  { rows, examples }: { readonly rows: readonly Row[]; readonly examples: Examples },
  {
    recipe,
    tokenizer,
    sampling: { samples = 1, seed = 0, maxNewTokens, ...sampling } = {},
    onDone,
    signal,
  }: {
    readonly recipe: Recipe<Row>;
    readonly tokenizer: Tokenizer;
    readonly sampling?: Samples | undefined;
    /** After each batch, with the number of its outputs. */
    readonly onDone?: (outputs: number) => void;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<Prediction<Row>[]> {
  const requestFor = requestMaker(recipe, tokenizer, maxNewTokens);
  const repeated = rows.flatMap((row) => Array.from({ length: samples }, () => row));
  const requests = rows.flatMap((row, i) => {
    const example = examples.at(i) as TokenizedExample;
    const request = requestFor(row, example.ids.slice(0, example.promptLength));
    return Array.from({ length: samples }, () => request);
  });
  const random = createRandom(seed).uniform;
  const texts = await generateTexts(decoder, requests, { tokenizer, sampling, random, onDone, signal });
  return texts.map((text, i) => ({ row: repeated[i] as Row, text }));
}

/** @throws whatever a metric throws that could not measure outputs here */
export async function assertMeasurable<Row>(metrics: readonly Metric<Row>[]): Promise<void> {
  for (const metric of metrics) await metric.ready?.();
}

/** The number of each metric, by name; left out where there was nothing to measure. */
export async function measureMetrics<Row>(
  metrics: readonly Metric<Row>[],
  predictions: readonly Prediction<Row>[],
  /** How many of a metric's units are done: programs run, or all of them at the end. */
  onProgress?: ((metric: string, done: number, of: number) => void) | undefined,
): Promise<Record<string, number>> {
  const measured: Record<string, number> = {};
  for (const metric of predictions.length === 0 ? [] : metrics) {
    const value = await metric.compute(predictions, (done, of) => onProgress?.(metric.name, done, of));
    if (!Number.isNaN(value)) measured[metric.name] = value;
  }
  return measured;
}
