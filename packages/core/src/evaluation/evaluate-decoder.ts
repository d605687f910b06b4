import { breather } from '../abort.ts';
import { makeBatch } from '../batches/batch.ts';
import { batchesByLength } from '../batches/batches-by-length.ts';
import type { GenerationRequest } from '../generation/request.ts';
import type { Decoder } from '../model/decoder.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { WeightedExample } from '../tokenization/example.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { ExampleLosses } from '../training/loss/example-losses.ts';
import { addSums, type LossSums, meanLosses, NO_LOSS } from '../training/loss/loss-sums.ts';
import type { EvaluationShape } from '../training/model-plan.ts';
import type { TrainingOptions } from '../training/options.ts';
import { type EvaluationEstimate, secondsToGenerate } from './estimate-seconds.ts';
import type { Evaluation, EvaluationPart, EvaluationProgress } from './evaluation.ts';
import { type EvaluationSet, sampleRows } from './evaluation-set.ts';
import { type GroupValues, measureGroups } from './group-values.ts';
import { measureLoss } from './measure-loss.ts';
import { assertMeasurable, measureMetrics } from './measure-metrics.ts';
import { predict, requestsFor } from './predict.ts';
import { type PredictionRecord, recordPredictions } from './predictions.ts';
import type { Samples } from './samples.ts';
import { standardErrors } from './standard-errors.ts';

/** What a task settles about its evaluations. */
export interface EvaluationTask<Row> {
  readonly recipe: Recipe<Row>;
  readonly tokenizer: Tokenizer;
  readonly training: Pick<TrainingOptions, 'maxEvalRows' | 'evaluateLossesOnly' | 'splitSeed'>;
}

export interface EvaluateDecoderOptions<Row> extends EvaluationTask<Row> {
  /** Default: one output a row, greedily. */
  readonly sampling?: Samples | undefined;
  readonly onProgress?: EvaluationProgress | undefined;
  /** After the first batch, with what all of it will take. */
  readonly onEstimate?: ((estimate: EvaluationEstimate) => void) | undefined;
  /** What is going to be written once this evaluation is done: a part of its estimate, and of nothing else. */
  readonly afterwards?: readonly (readonly GenerationRequest[])[] | undefined;
  /** Whether to measure what intervals of metrics over rows are made of, which takes their time some more times. */
  readonly withGroups?: boolean | undefined;
  /** Looked at after every batch and every generated token. */
  readonly signal?: AbortSignal | undefined;
}

export interface Evaluated {
  readonly evaluation: Evaluation;
  /** What was generated, in the order of the rows; undefined where nothing was. */
  readonly predictions: readonly PredictionRecord[] | undefined;
  /** Where they were asked for. */
  readonly groupValues?: GroupValues;
  /** Of each row, in their order. */
  readonly losses: readonly ExampleLosses[];
}

/**
 * Losses over the examples (plain means over targets, and the weighted loss divided by the total weight), and the
 * recipe's metrics on outputs for the examples' prompts, where it has metrics and they are wanted.
 * @throws the reason of the signal once it is aborted
 */
export async function evaluateDecoder<Row>(
  decoder: Decoder,
  heldOut: EvaluationSet<Row>,
  options: EvaluateDecoderOptions<Row>,
): Promise<Evaluated> {
  const { training, sampling, onProgress, signal } = options;
  const set = sampleRows(heldOut, training);
  const rows = set.rows.length;
  const counting = (part: EvaluationPart, of: number) => {
    let done = 0;
    return (count: number) => {
      done += count;
      onProgress?.(done, of, part);
    };
  };
  const onFirst = async (secondsPerToken: number, tokens: number) => {
    const writing = [generates(options) ? requestsOf(set, options) : [], ...(options.afterwards ?? [])];
    const outputs = writing.reduce((sum, requests) => sum + requests.length, 0);
    const generating = await secondsToGenerate(decoder, writing, secondsPerToken);
    options.onEstimate?.({ rows, outputs, seconds: tokens * secondsPerToken + generating });
  };
  const { sums, tokens, examples } = await measureLosses(decoder, set, {
    signal,
    onDone: counting('losses', rows),
    onFirst: options.onEstimate && onFirst,
  });
  const { promptLoss, completionLoss } = meanLosses(sums);
  const losses = {
    rows,
    tokens,
    loss: sums.weight > 0 ? sums.weighted / sums.weight : 0,
    promptLoss,
    completionLoss,
    perplexity: completionLoss === null ? null : Math.exp(completionLoss),
  };
  if (!generates(options)) return { evaluation: { ...losses, metrics: {} }, predictions: undefined, losses: examples };
  const onDone = counting('outputs', rows * (sampling?.samples ?? 1));
  return { ...(await measureOutputs(decoder, set, { ...options, losses, onDone })), losses: examples };
}

/** What is going to be generated, every sample of a row by itself. */
const requestsOf = <Row>(set: EvaluationSet<Row>, { sampling = {}, ...task }: EvaluateDecoderOptions<Row>) =>
  requestsFor(set, { ...task, maxNewTokens: sampling.maxNewTokens }).flatMap((request) =>
    Array.from({ length: sampling.samples ?? 1 }, () => request),
  );

/** Whether outputs are generated: where there are metrics to see them. */
export const generates = <Row>({ recipe, training }: EvaluationTask<Row>): boolean =>
  recipe.metrics.length > 0 && !training.evaluateLossesOnly;

/**
 * Asks before the work what evaluations will ask for, and says how large their batches will be.
 * @throws {UserError} where no answer of a recipe is short enough; and whatever a metric throws that can't measure here
 */
export async function assertEvaluable<Row>(
  task: EvaluationTask<Row>,
  set: EvaluationSet<Row>,
  sampling: Samples = {},
): Promise<EvaluationShape> {
  const { lengths } = set.examples;
  if (!generates(task)) return largestShape(lengths);
  await assertMeasurable(task.recipe.metrics);
  const requests = requestsFor(set, { ...task, maxNewTokens: sampling.maxNewTokens });
  const written = requests.map(({ promptIds, maxNewTokens }) => promptIds.length + maxNewTokens);
  return largestShape(lengths, written);
}

/** The largest batch there is among those of losses and of outputs. */
function largestShape(...lengthsOf: (readonly number[])[]): EvaluationShape {
  const shapes = lengthsOf.flatMap((lengths) =>
    batchesByLength(lengths).map((batch) => {
      const length = batch.reduce((longest, i) => Math.max(longest, lengths[i] as number), 0);
      return { rows: batch.length, length, tokens: batch.length * length };
    }),
  );
  const largest = (of: (shape: EvaluationShape) => number) => shapes.reduce((most, one) => Math.max(most, of(one)), 1);
  return {
    rows: largest(({ rows }) => rows),
    length: largest(({ length }) => length),
    tokens: largest(({ tokens }) => tokens),
  };
}

interface LossOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onDone: (examples: number) => void;
  /** After the first batch: the time of a token in it, and the tokens of all batches, padding counted in both. */
  readonly onFirst?: ((secondsPerToken: number, tokens: number) => Promise<void>) | undefined;
}

async function measureLosses<Row>(
  decoder: Decoder,
  { examples }: EvaluationSet<Row>,
  { signal, onDone, onFirst }: LossOptions,
): Promise<{ sums: LossSums; tokens: number; examples: readonly ExampleLosses[] }> {
  const exampleAt = (i: number) => examples.at(i) as WeightedExample;
  const breathe = breather(signal);
  let sums = NO_LOSS;
  const ofExamples: ExampleLosses[] = [];
  const { lengths } = examples;
  const batches = batchesByLength(lengths);
  const padded = (batch: readonly number[]) => batch.length * Math.max(...batch.map((i) => lengths[i] as number));
  for (const [i, batch] of batches.entries()) {
    await breathe();
    const start = performance.now();
    const losses = await measureLoss(decoder, makeBatch(batch.map(exampleAt)), breathe);
    sums = addSums(sums, losses);
    for (const [at, example] of batch.entries()) ofExamples[example] = losses.examples[at] as ExampleLosses;
    const seconds = (performance.now() - start) / 1000;
    if (i === 0)
      await onFirst?.(
        seconds / padded(batch),
        batches.map(padded).reduce((sum, size) => sum + size, 0),
      );
    onDone(batch.length);
  }
  return { sums, tokens: lengths.reduce((sum, length) => sum + length, 0), examples: ofExamples };
}

async function measureOutputs<Row>(
  decoder: Decoder,
  set: EvaluationSet<Row>,
  options: EvaluateDecoderOptions<Row> & {
    readonly losses: Omit<Evaluation, 'metrics'>;
    readonly onDone: (outputs: number) => void;
  },
): Promise<Omit<Evaluated, 'losses'>> {
  const { recipe, tokenizer, signal, losses } = options;
  const predictions = await predict(decoder, set, options);
  const measured = await measureMetrics(recipe.metrics, predictions, { signal });
  const { metrics, scores, failed } = measured;
  const rows = predictions.map(({ index }) => set.numbers?.[index] ?? index + 1);
  const groupValues = options.withGroups
    ? await measureGroups(recipe.metrics, predictions, { rows, measured, signal })
    : undefined;
  const failedMetrics = Object.entries(failed).map(([name, error]) => [name, messageOf(error)] as const);
  return {
    evaluation: {
      ...losses,
      outputs: predictions.length,
      cutOutputs: predictions.filter(({ cut }) => cut).length,
      metrics,
      standardErrors: standardErrors(measured, rows),
      ...(failedMetrics.length > 0 && { failedMetrics: Object.fromEntries(failedMetrics) }),
    },
    predictions: recordPredictions(predictions, { set, recipe, tokenizer, scores }),
    ...(groupValues && { groupValues }),
  };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
