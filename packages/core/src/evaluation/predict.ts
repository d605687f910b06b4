import { generateTexts } from '../generation/generate-texts.ts';
import { type GenerationRequest, requestMaker } from '../generation/request.ts';
import type { Decoder } from '../model/decoder.ts';
import { createRandom } from '../random.ts';
import type { Prediction, Recipe } from '../recipe/recipe.ts';
import type { TokenizedExample } from '../tokenization/example.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { EvaluationSet } from './evaluation-set.ts';
import type { Samples } from './samples.ts';

/** What a model wrote for a row. */
export interface GeneratedPrediction<Row> extends Prediction<Row> {
  /** The row's place in its set. */
  readonly index: number;
  /** What the model was given. */
  readonly promptIds: readonly number[];
  /** Whether the text was cut at the limit of tokens. */
  readonly cut: boolean;
}

export interface PredictOptions<Row> {
  readonly recipe: Recipe<Row>;
  readonly tokenizer: Tokenizer;
  /** Default: one output a row, greedily. */
  readonly sampling?: Samples | undefined;
  /** After each batch, with the number of its outputs. */
  readonly onDone?: ((outputs: number) => void) | undefined;
  /** Looked at after every token. */
  readonly signal?: AbortSignal | undefined;
}

/** The outputs of a model for rows, those of a row one after the other and with the same row object. */
export async function predict<Row>(
  decoder: Decoder,
  set: EvaluationSet<Row>,
  { recipe, tokenizer, sampling = {}, onDone, signal }: PredictOptions<Row>,
): Promise<GeneratedPrediction<Row>[]> {
  const { samples = 1, seed = 0, maxNewTokens, ...how } = sampling;
  const requests = requestsFor(set, { recipe, tokenizer, maxNewTokens });
  const repeated = requests.flatMap((request, index) => Array.from({ length: samples }, () => ({ ...request, index })));
  const random = createRandom(seed).uniform;
  const texts = await generateTexts(decoder, repeated, { tokenizer, sampling: how, random, onDone, signal });
  return repeated.map(({ index, promptIds }, i) => {
    const { text, cut } = texts[i] as { text: string; cut: boolean };
    return { row: set.rows[index] as Row, text, index, promptIds, cut };
  });
}

/**
 * What is to be generated for each row.
 * @throws {UserError} `option-invalid` where a row's answers are all longer than the tokens there are for them
 */
export function requestsFor<Row>(
  { rows, examples }: EvaluationSet<Row>,
  {
    recipe,
    tokenizer,
    maxNewTokens,
  }: Pick<PredictOptions<Row>, 'recipe' | 'tokenizer'> & Pick<Samples, 'maxNewTokens'>,
): GenerationRequest[] {
  const requestFor = requestMaker(recipe, tokenizer, maxNewTokens);
  return rows.map((row, i) => {
    const example = examples.at(i) as TokenizedExample;
    return requestFor(row, Array.from(example.ids.subarray(0, example.promptLength)));
  });
}
