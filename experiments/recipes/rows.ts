import { type AnyRecipe, createRandom, preview, readRows } from '@counterweight/core';
import { splitByGroup } from '../../packages/core/src/batches/split.ts';
import { shuffled } from '../../packages/core/src/random.ts';
import { fixture, type RecipeTask } from './tasks.ts';

/** Rows as they stand in files. */
export interface ChosenRows {
  readonly train: readonly unknown[];
  readonly heldOut: readonly unknown[];
  /** How often those to train on are seen. */
  readonly epochs: number;
}

export interface RowOptions {
  readonly model: string;
  /** Rows to train on, at most; where it is not said, as many as `TRAINED_TOKENS` are. */
  readonly rows: number | undefined;
  readonly heldOut: number;
  /** Default: the task's, or as many as make up `TRAINED_TOKENS`, from 3 to 10. */
  readonly epochs: number | undefined;
  /** Files in place of the fixtures. */
  readonly data: string | undefined;
  readonly evalData: string | undefined;
}

/** In all epochs, template included, each row by itself: what rows begin with is computed less often. */
const TRAINED_TOKENS = 72_000;
/** Where there are few rows these are not enough to learn what to do: they are seen more often. */
const EPOCHS = { least: 3, most: 10 };
/** Rows that the length of all is estimated from. */
const LOOKED_AT = 200;
/** Of rows that lie in one file. */
const HELD_OUT_SHARE = 0.3;
const SEED = 0;

/** The same rows every time, in an order drawn with a fixed seed. */
export async function chooseRows(
  task: RecipeTask,
  recipe: AnyRecipe,
  { model, rows, heldOut, epochs, data, evalData }: RowOptions,
): Promise<ChosenRows> {
  const made = data === undefined ? task.made?.() : undefined;
  const trainFile = data ?? fixture(task.recipe, task.train as string);
  const evalFile = evalData ?? (data === undefined && task.heldOut ? fixture(task.recipe, task.heldOut) : undefined);
  const all = await drawn(made?.train ?? trainFile);
  const apart = evalFile === undefined ? undefined : (await drawn(made?.heldOut ?? evalFile)).slice(0, heldOut);
  const { train: others, evaluation } = apart ? { train: all, evaluation: apart } : heldOutOf(all, task, heldOut);
  const tokens = await tokensOf(others, recipe, model);
  const wanted = epochs ?? task.epochs;
  const inAnEpoch = TRAINED_TOKENS / Math.min(wanted ?? EPOCHS.least, EPOCHS.least);
  const train = others.slice(0, rows ?? Math.max(1, Math.round(inAnEpoch / tokens)));
  const passes = Math.round(TRAINED_TOKENS / (train.length * tokens));
  return { train, heldOut: evaluation, epochs: wanted ?? Math.min(EPOCHS.most, Math.max(EPOCHS.least, passes)) };
}

function heldOutOf(all: readonly unknown[], { group }: RecipeTask, most: number) {
  const count = Math.min(most, Math.ceil(HELD_OUT_SHARE * all.length));
  if (group === undefined) return { train: all.slice(count), evaluation: all.slice(0, count) };
  const groupOf = (row: unknown) => group(row as Record<string, unknown>);
  return splitByGroup(all, groupOf, { fraction: count / all.length, seed: SEED });
}

async function drawn(source: string | readonly unknown[]): Promise<unknown[]> {
  const rows = await readRows([source]);
  return shuffled(
    rows.map(({ value }) => value),
    createRandom(SEED),
  );
}

/** Of a row, template included. */
async function tokensOf(rows: readonly unknown[], recipe: AnyRecipe, model: string): Promise<number> {
  const { receipt } = await preview({ recipe, model, data: [rows.slice(0, LOOKED_AT)], rows: 0 });
  return (receipt.promptTokens + receipt.completionTokens) / receipt.kept;
}
