import { assertProportions, datasetWeightsOf, mixtureWeightsOf } from '../batches/mixture-weights.ts';
import type { MixtureWeights } from '../batches/sample-mixture.ts';
import type { Split } from '../batches/split.ts';
import { pickExamples } from '../batches/take-examples.ts';
import type { EvaluationSet } from '../evaluation/evaluation-set.ts';
import { columnWeight } from '../rows/column.ts';
import type { Data } from '../rows/data.ts';
import type { DuplicateCounts } from '../rows/duplicates/duplicate-counts.ts';
import { createRowScreen } from '../rows/duplicates/row-screen.ts';
import { type OpenedData, openData } from '../rows/open-data.ts';
import { parseSourceRow } from '../rows/parse-rows.ts';
import { firstRows, streamRows } from '../rows/read-rows.ts';
import { placesOfRows, type SourceRow } from '../rows/source-row.ts';
import { drawPhrasings } from '../tokenization/draw-phrasings.ts';
import type { Examples } from '../tokenization/example.ts';
import type { Receipt } from '../tokenization/receipt.ts';
import { nearDuplicates, withoutEvaluated } from './compare-rows.ts';
import { holdOut } from './hold-out.ts';
import type { Task } from './open-task.ts';
import { evaluationSetOf, readEvaluationSet, readExamples } from './read-examples.ts';

export interface TrainingData<Row> {
  readonly examples: Examples;
  /** What is evaluated and never trained on, if anything. */
  readonly heldOut: EvaluationSet<Row> | undefined;
  readonly receipt: Receipt;
  readonly duplicates: DuplicateCounts;
  /** Where an epoch is not every example once. */
  readonly proportions: MixtureWeights | undefined;
  /** File and row of examples to train on, by their numbers and in their order: the files are read again for it. */
  placesOf(examples: readonly number[]): Promise<string[]>;
  /** Rows to train on, by the numbers of their examples, in the order of the files: they are read again too. */
  rowsOf(examples: readonly number[]): Promise<Row[]>;
}

export interface DataOptions {
  readonly data: Data | OpenedData;
  readonly evalData?: Data | OpenedData | undefined;
  readonly evalSplit?: number | undefined;
}

/** Examples to train on, and those held out: from rows of their own, or a share of the training rows. */
export async function readTrainingData<Row>(
  task: Task<Row>,
  { evalSplit, ...given }: DataOptions,
): Promise<TrainingData<Row>> {
  const { training } = task;
  const { map } = training;
  const data = openData(given.data, { map });
  const evalData = given.evalData === undefined ? undefined : openData(given.evalData, { option: 'evalData', map });
  const readRows = () => firstRows(streamRows(data, task.signal), training.maxRows);
  const groups = groupsOf(task, data.sources);
  const side = holdOut(training);
  /** The number of each example's row among those that are read. */
  const numbers: number[] = [];
  const screen = createRowScreen(training, await nearDuplicates(task, readRows, evalData));
  const evalExamples =
    evalData === undefined
      ? undefined
      : await readEvaluationSet(task, evalData, (_, rendered) => screen.seeEvaluation(rendered));
  const { rowWeight } = training;
  const draw = drawPhrasings(training);
  const { examples, receipt } = await readExamples(task, readRows(), {
    ...(rowWeight !== undefined && { rowWeightOf: (source) => columnWeight(source, rowWeight, 'rowWeight') }),
    ...(evalSplit !== undefined && { checkColumns: side.check }),
    leaveOut: ({ number }, rendered) => screen.see(number as number, rendered),
    ...(draw && { phrase: (rendered, { number }) => draw.phrase(rendered, number as number) }),
    onRow: (row, source) => {
      numbers.push(source.number as number);
      groups.see(row, source);
      if (evalSplit !== undefined) side.see(source);
    },
  });
  draw?.end();
  const split = evalSplit === undefined ? undefined : side.split(evalSplit);
  const train = split ? withoutEvaluated(split, numbers, screen) : numbers.map((_, i) => i);
  const heldOutOfAll = async ({ evaluation }: Split<number>): Promise<EvaluationSet<Row>> => {
    const wanted = new Set(evaluation.map((i) => numbers[i] as number));
    // What is evaluated on is asked in the default words, whatever words it would have been trained on in.
    const set = draw
      ? await evaluationSetOf(task, numbered(readRows(), wanted))
      : { examples: countedOnce(pickExamples(examples, evaluation)), rows: await rowsOf(task, readRows(), wanted) };
    const ofGroups = side.groupsOf(evaluation);
    return { ...set, ...(ofGroups && { groups: ofGroups }) };
  };
  const counts = screen.counts();
  const sources = [data, ...(evalData ? [evalData] : [])];
  for (const source of sources) await source.close();
  const notes = sources.flatMap((source) => source.notes());
  const evaluationDropped = evalExamples?.receipt.dropped ?? [];
  return {
    examples: split ? pickExamples(examples, train) : examples,
    heldOut: evalExamples ?? (split && (await heldOutOfAll(split))),
    receipt: {
      ...receipt,
      ...(notes.length > 0 && { notes }),
      ...(evaluationDropped.length > 0 && { evaluationDropped }),
      duplicates: counts,
    },
    duplicates: counts,
    proportions: groups.weightsOf(train),
    placesOf: (chosen) =>
      placesOf(
        readRows(),
        chosen.map((i) => numbers[train[i] as number] as number),
      ),
    rowsOf: (chosen) => rowsOf(task, readRows(), new Set(chosen.map((i) => numbers[train[i] as number] as number))),
  };
}

/** What is evaluated on counts alike, whatever a row says of how much is to be learnt from it. */
const countedOnce = (examples: Examples): Examples => ({
  ...examples,
  at(i) {
    const example = examples.at(i);
    return example && { ...example, rowWeight: 1 };
  },
});

/** The groups of which an epoch holds proportions: the recipes of a mixture, or the sources of the data. */
function groupsOf<Row>({ recipe, training }: Task<Row>, paths: readonly string[]) {
  const { mixture } = recipe;
  const { dataProportions } = training;
  assertProportions(recipe, paths, dataProportions);
  const groups: string[] = [];
  return {
    see(row: Row, { dataset }: SourceRow): void {
      if (mixture?.proportions) groups.push(mixture.partOf(row).name);
      else if (dataProportions) groups.push(String(dataset));
    },
    /** Of some of the examples. */
    weightsOf(numbers: readonly number[]): MixtureWeights | undefined {
      const own = groups.length === 0 ? [] : numbers.map((i) => groups[i] as string);
      return dataProportions ? datasetWeightsOf(own, paths, dataProportions) : mixtureWeightsOf(recipe, own);
    },
  };
}

/** A text a file. */
async function placesOf(sources: AsyncIterable<SourceRow>, numbers: readonly number[]): Promise<string[]> {
  const wanted = new Set(numbers);
  const places = new Map<number, SourceRow>();
  for await (const source of sources) {
    if (wanted.has(source.number as number)) places.set(source.number as number, source);
    if (places.size === wanted.size) break;
  }
  return placesOfRows(numbers.flatMap((number) => places.get(number) ?? []));
}

/**
 * The rows with these numbers. The files are read a second time for them, since nobody knows which rows are held out
 * before all are counted.
 */
async function rowsOf<Row>(
  { recipe }: Task<Row>,
  sources: AsyncIterable<SourceRow>,
  numbers: ReadonlySet<number>,
): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const source of numbered(sources, numbers)) rows.push(parseSourceRow(source, recipe));
  return rows;
}

async function* numbered(
  sources: AsyncIterable<SourceRow>,
  numbers: ReadonlySet<number>,
): AsyncGenerator<SourceRow, void> {
  for await (const source of sources) if (numbers.has(source.number as number)) yield source;
}
