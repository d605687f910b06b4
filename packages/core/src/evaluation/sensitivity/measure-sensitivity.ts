import { type GeneratedText, generateTexts } from '../../generation/generate-texts.ts';
import type { GenerationRequest } from '../../generation/request.ts';
import type { Decoder } from '../../model/decoder.ts';
import type { PerturbationName } from '../../perturbations/perturbations.ts';
import type { Prediction, Recipe } from '../../recipe/recipe.ts';
import type { Interval } from '../../recipe/resample.ts';
import { settingsOf } from '../../recipe/settings-of.ts';
import type { EvaluationProgress } from '../evaluation.ts';
import type { EvaluationSet } from '../evaluation-set.ts';
import { shareInterval } from '../interval.ts';
import { type PredictionRecord, recordPredictions } from '../predictions.ts';
import type { Askings, AskingTask } from './ask-again.ts';
import type { MeasuredSensitivity, PerturbedRecord } from './measured-sensitivity.ts';
import { metricEffects } from './metric-effects.ts';
import type { PreparedAskings } from './prepare-askings.ts';
import type { PerturbationEffect } from './sensitivity.ts';

export interface SensitivityOptions {
  /** What the model wrote for the rows' own prompts, where that is known: greedily, one output a row, in their order. */
  readonly predictions?: readonly Pick<PredictionRecord, 'output'>[] | undefined;
  readonly onProgress?: EvaluationProgress | undefined;
}

/** What of a task decides how answers are compared. */
type ComparingTask<Row> = Pick<AskingTask<Row>, 'recipe' | 'tokenizer' | 'signal'>;

/** Writes an answer for each request, in their order. */
export type Answerer = (
  requests: readonly GenerationRequest[],
  onDone: (answers: number) => void,
) => Promise<readonly GeneratedText[]>;

/**
 * Asks every row again in other ways that ask for the same, and compares the answers, greedily. The rows' own prompts are
 * the ones of the set, in the default phrasing.
 *
 *     row ─render→ words ─perturb→ other words ─tokenize→ prompt ─generate→ answer ─normalise→ changed?
 *
 * @throws the reason of the task's signal once it is aborted
 */
export const measureSensitivity = <Row>(
  decoder: Decoder,
  prepared: PreparedAskings<Row>,
  task: ComparingTask<Row>,
  options: SensitivityOptions = {},
): Promise<MeasuredSensitivity> => {
  const { tokenizer, signal } = task;
  return compareAnswers(
    (requests, onDone) => generateTexts(decoder, requests, { tokenizer, onDone, signal }),
    prepared,
    task,
    options,
  );
};

/** The same of whoever answers. */
export async function compareAnswers<Row>(
  answer: Answerer,
  { set, seed, own, perturbed }: PreparedAskings<Row>,
  { recipe, tokenizer, signal }: ComparingTask<Row>,
  { predictions, onProgress }: SensitivityOptions = {},
): Promise<MeasuredSensitivity> {
  const of = perturbed.reduce((sum, { askings }) => sum + askings.length, predictions ? 0 : own.length);
  let done = 0;
  const onDone = (answers: number) => {
    done += answers;
    onProgress?.(done, of, 'perturbations');
  };
  const texts = predictions?.map(({ output }) => output) ?? (await answer(own, onDone)).map(({ text }) => text);
  const before = set.rows.map((row, i) => ({ row, text: texts[i] as string }));
  const byPerturbation: Partial<Record<PerturbationName, PerturbationEffect>> = {};
  const records: PerturbedRecord[] = [];
  for (const { name, askings, tooLong, requests } of perturbed) {
    const answered = { askings, tooLong, texts: await answer(requests, onDone), before };
    const { effect, records: own } = await effectOf(answered, set, { recipe, tokenizer, seed, signal });
    byPerturbation[name] = effect;
    records.push(...own);
  }
  return { ...overall(records, seed), byPerturbation, askings: records };
}

interface Answered<Row> extends Askings {
  /** One for each asking. */
  readonly texts: readonly GeneratedText[];
  /** One for each row of the set: the same objects every time, by which metrics may know them again. */
  readonly before: readonly Prediction<Row>[];
}

async function effectOf<Row>(
  { askings, tooLong, texts, before }: Answered<Row>,
  set: EvaluationSet<Row>,
  { recipe, tokenizer, seed, signal }: ComparingTask<Row> & { readonly seed: number },
): Promise<{ effect: PerturbationEffect; records: PerturbedRecord[] }> {
  const beforeOf = (index: number) => before[index] as Prediction<Row>;
  const answers = askings.map(({ index, promptIds }, i) => ({
    ...(texts[i] as GeneratedText),
    row: beforeOf(index).row,
    index,
    promptIds,
  }));
  const pairs = {
    before: askings.map(({ index }) => beforeOf(index)),
    after: answers.map(({ row, text }) => ({ row, text })),
  };
  const { metrics, scores } = await metricEffects(recipe.metrics, pairs, { seed, signal });
  const changed = answers.map(({ row, text, index }) => isOther(recipe, row, [beforeOf(index).text, text]));
  const written = recordPredictions(answers, { set, recipe, tokenizer, scores });
  return {
    effect: {
      rows: askings.length,
      tooLong,
      changed: changed.filter(Boolean).length / askings.length,
      interval: shareInterval(changed.map(Number), seed) as Interval,
      metrics,
    },
    records: askings.map(({ perturbation, change }, i) => ({
      ...(written[i] as PredictionRecord),
      perturbation,
      change,
      changed: changed[i] as boolean,
    })),
  };
}

/** Whether two texts are different answers to a row. */
function isOther<Row>(recipe: Recipe<Row>, row: Row, texts: readonly [string, string]): boolean {
  const { normaliseAnswer = withoutExtraSpace } = settingsOf(recipe, row);
  const [one, other] = texts.map((text) => normaliseAnswer(text));
  return one !== other;
}

const withoutExtraSpace = (text: string): string => text.trim().replace(/\s+/gu, ' ');

/** A row counts once, in however many ways it was asked. */
function overall(
  askings: readonly PerturbedRecord[],
  seed: number,
): Pick<MeasuredSensitivity, 'rows' | 'changedShare' | 'interval' | 'perRow'> {
  const counts = new Map<number, { asked: number; changed: number }>();
  for (const { row, changed } of askings) {
    const count = counts.get(row) ?? { asked: 0, changed: 0 };
    counts.set(row, { asked: count.asked + 1, changed: count.changed + Number(changed) });
  }
  const perRow = [...counts].map(([row, count]) => ({ row, ...count })).sort((a, b) => a.row - b.row);
  const shares = perRow.map(({ asked, changed }) => changed / asked);
  const rows = shares.length;
  if (rows === 0) return { rows, changedShare: null, interval: null, perRow };
  return {
    rows,
    changedShare: shares.reduce((sum, share) => sum + share, 0) / rows,
    interval: shareInterval(shares, seed),
    perRow,
  };
}
