import { type AnyRecipe, createRandom, preview, readRows } from '@counterweight/core';
import { shuffled } from '../../packages/core/src/random.ts';
import { fixture, type RecipeTask } from './tasks.ts';

/** Rows as they stand in files. */
export interface ChosenRows {
  readonly train: readonly unknown[];
  readonly heldOut: readonly unknown[];
}

export interface RowOptions {
  readonly model: string;
  /** Rows to train on, at most; where it is not said, as many as `TRAINED_TOKENS` are. */
  readonly rows: number | undefined;
  readonly heldOut: number;
  /** Files in place of the fixtures. */
  readonly data: string | undefined;
  readonly evalData: string | undefined;
}

/** In an epoch, template included, each row by itself: what rows begin with is computed less often. */
const TRAINED_TOKENS = 24_000;
/** Rows that the length of all is estimated from. */
const LOOKED_AT = 200;
/** Of rows that lie in one file. */
const HELD_OUT_SHARE = 0.3;
const SEED = 0;

/** The same rows every time, in an order drawn with a fixed seed. */
export async function chooseRows(
  task: RecipeTask,
  recipe: AnyRecipe,
  { model, rows, heldOut, data, evalData }: RowOptions,
): Promise<ChosenRows> {
  const trainFile = data ?? fixture(task.recipe, task.train as string);
  const evalFile = evalData ?? (data === undefined && task.heldOut ? fixture(task.recipe, task.heldOut) : undefined);
  const all = await drawn(trainFile);
  const apart = evalFile === undefined ? undefined : (await drawn(evalFile)).slice(0, heldOut);
  const share = Math.min(heldOut, Math.ceil(HELD_OUT_SHARE * all.length));
  const others = apart ? all : all.slice(share);
  const count = rows ?? (await rowsFor(others, recipe, model));
  return { train: others.slice(0, count), heldOut: apart ?? all.slice(0, share) };
}

async function drawn(file: string): Promise<unknown[]> {
  const rows = await readRows([file]);
  return shuffled(
    rows.map(({ value }) => value),
    createRandom(SEED),
  );
}

async function rowsFor(rows: readonly unknown[], recipe: AnyRecipe, model: string): Promise<number> {
  const { receipt } = await preview({ recipe, model, data: [rows.slice(0, LOOKED_AT)], rows: 0 });
  const tokens = (receipt.promptTokens + receipt.completionTokens) / receipt.kept;
  return Math.min(rows.length, Math.max(1, Math.round(TRAINED_TOKENS / tokens)));
}
