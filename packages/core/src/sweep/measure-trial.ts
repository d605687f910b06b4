import * as tf from '@tensorflow/tfjs-core';
import { breather } from '../abort.ts';
import { type Evaluated, evaluateDecoder } from '../evaluation/evaluate-decoder.ts';
import type { EvaluationSet } from '../evaluation/evaluation-set.ts';
import { sampleRows } from '../evaluation/evaluation-set.ts';
import { type Distance, measureDistance } from '../evaluation/forgetting/distance.ts';
import { predict } from '../evaluation/predict.ts';
import { measureSensitivity } from '../evaluation/sensitivity/measure-sensitivity.ts';
import type { MeasuredSensitivity } from '../evaluation/sensitivity/measured-sensitivity.ts';
import { prepareAskings } from '../evaluation/sensitivity/prepare-askings.ts';
import type { Task } from '../task/open-task.ts';
import type { Bench } from './open-bench.ts';
import { overlap } from './outcomes/overlap.ts';
import type { TrialOutcome, TrialRow } from './trial-folder.ts';

/** What a trained model is measured by. */
export interface Measured extends Pick<TrialOutcome, 'outcomes' | 'validation' | 'layers'> {
  readonly rows: readonly TrialRow[];
}

/**
 * Everything that a sweep compares, of the model as it is now:
 *
 *     completionLoss, promptLoss, the recipe's metrics     on rows to report on; and on rows to choose on
 *     outputLength                                         mean length of what is generated, in tokens
 *     distanceL1, distanceL2, distanceRelative             of the weights from where they began
 *     neutralLoss, klBase                                  on text that is not trained on
 *     gap                                                  completion loss held out − completion loss trained on
 *     overlap                                              of greedy outputs with the answers that were trained on
 *     sensitivity                                          share of answers that change when the same is asked otherwise
 *
 * @param initial the trainable weights as they were, in the order of the flat vector
 */
export async function measureTrial<Row>(bench: Bench<Row>, task: Task<Row>, initial: Float32Array): Promise<Measured> {
  const { model, parts, sample, neutral } = bench;
  const { decoder } = model;
  const { signal } = task;
  const test = await evaluateDecoder(decoder, parts.test, task);
  const validation = await evaluateDecoder(decoder, parts.validation, task);
  const losses = { ...task, training: { ...task.training, evaluateLossesOnly: true, maxEvalRows: undefined } };
  const { evaluation: trained } = await evaluateDecoder(decoder, sample, losses);
  const start = tf.tensor1d(initial);
  const { whole, layers } = await measureDistance(decoder, start).finally(() => start.dispose());
  const { evaluateLossesOnly } = task.training;
  const reported = sampleRows(parts.test, task.training);
  // Where nothing measures answers, none are looked at.
  const asksAgain = !evaluateLossesOnly && task.recipe.metrics.length > 0;
  const asked = asksAgain ? await askedOtherwise(bench, task, { set: reported, test }) : undefined;
  const rows = rowsOf(reported, test, { ...task, asked });
  return {
    outcomes: defined({
      ...scalarsOf(test),
      outputLength: meanLength(test, task),
      ...distances(whole),
      ...(await neutral.measure(decoder, breather(signal))),
      gap: difference(test.evaluation.completionLoss, trained.completionLoss),
      overlap: evaluateLossesOnly ? null : await overlapWith(bench, task),
      sensitivity: asked?.changedShare ?? null,
    }),
    validation: defined(scalarsOf(validation)),
    layers,
    rows,
  };
}

/** Of a training that finds a learning rate: its loss on rows of their own. */
export async function measureTuning<Row>({ model, parts }: Bench<Row>, task: Task<Row>): Promise<Measured> {
  const losses = { ...task, training: { ...task.training, evaluateLossesOnly: true } };
  const { evaluation } = await evaluateDecoder(model.decoder, parts.tuning as EvaluationSet<Row>, losses);
  const { completionLoss } = evaluation;
  return { outcomes: {}, validation: defined({ completionLoss }), layers: {}, rows: [] };
}

const distances = ({ l1, l2, relative }: Distance) => ({
  distanceL1: l1,
  distanceL2: l2,
  distanceRelative: relative,
});

type Numbers = Readonly<Record<string, number | null>>;

const scalarsOf = ({
  evaluation: { completionLoss, promptLoss, metrics, outputs, cutOutputs },
}: Evaluated): Numbers => ({
  completionLoss,
  promptLoss,
  ...metrics,
  ...(outputs ? { cutShare: (cutOutputs ?? 0) / outputs } : {}),
});

const defined = (values: Numbers): Record<string, number> =>
  Object.fromEntries(Object.entries(values).filter((entry): entry is [string, number] => Number.isFinite(entry[1])));

const difference = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a - b);

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function meanLength<Row>({ predictions }: Evaluated, { tokenizer }: Task<Row>): number | null {
  if (!predictions || predictions.length === 0) return null;
  return mean(predictions.map(({ output }) => tokenizer.encode(output, 'continuation').length));
}

/** Rows that are asked otherwise, at most: each is answered in several ways. */
const ASKED_ROWS = 100;

/** Some of the rows to report on, under their numbers; what they were answered the first time is known. */
async function askedOtherwise<Row>(
  { model }: Bench<Row>,
  task: Task<Row>,
  { set, test }: { readonly set: EvaluationSet<Row>; readonly test: Evaluated },
): Promise<MeasuredSensitivity> {
  const training = { ...task.training, maxEvalRows: ASKED_ROWS };
  const asked = sampleRows(set, training);
  const answers = new Map(test.predictions?.map((prediction) => [prediction.row, prediction]));
  const predictions = asked.numbers?.flatMap((number) => answers.get(number) ?? []);
  const whole = { ...task, training: { ...training, maxEvalRows: undefined } };
  const askings = await prepareAskings(asked, whole, { answered: predictions !== undefined });
  return measureSensitivity(model.decoder, askings, task, { predictions });
}

/** Tokens that answers are compared over: what was learnt by heart shows in the first ones. */
const COMPARED_TOKENS = 32;

/** Of what the model writes for prompts it was trained on, with the answers it was trained on. */
async function overlapWith<Row>({ model, sample }: Bench<Row>, task: Task<Row>): Promise<number> {
  const { recipe, tokenizer, signal } = task;
  const ids = (text: string) => tokenizer.encode(text, 'continuation');
  const whole = sample.rows.map((row) =>
    ids(
      recipe
        .render(row)
        .completion.map(({ text }) => text)
        .join(''),
    ),
  );
  // A shorter limit than the answers that a recipe allows would let none of them be written.
  const longest = Math.max(...whole.map(({ length }) => length)) + 1;
  const limit = recipe.answers ? longest : Math.min(longest, COMPARED_TOKENS);
  const maxNewTokens = Math.min(limit, recipe.defaults.maxNewTokens);
  const predictions = await predict(model.decoder, sample, { recipe, tokenizer, sampling: { maxNewTokens }, signal });
  const compared = (own: readonly number[]) => own.slice(0, COMPARED_TOKENS);
  return mean(predictions.map(({ text, index }) => overlap(compared(ids(text)), compared(whole[index] as number[]))));
}

function rowsOf<Row>(
  set: EvaluationSet<Row>,
  { losses, predictions }: Evaluated,
  { tokenizer, asked }: Task<Row> & { readonly asked: MeasuredSensitivity | undefined },
): TrialRow[] {
  const changed = new Map(asked?.perRow.map((row) => [row.row, row.changed / row.asked]));
  return losses.map((own, i) => {
    const prediction = predictions?.[i];
    const length = prediction && tokenizer.encode(prediction.output, 'continuation').length;
    const row = set.numbers?.[i] ?? i + 1;
    return {
      row,
      ...(prediction && {
        prompt: prediction.prompt,
        reference: prediction.reference,
        output: prediction.output,
        cut: prediction.cut,
      }),
      scores: defined({
        ...own,
        ...prediction?.scores,
        outputLength: length ?? null,
        sensitivity: changed.get(row) ?? null,
      }),
    };
  });
}
