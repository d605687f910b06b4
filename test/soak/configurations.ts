import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type EngineName, readRows, type TrainingOptionsInput } from '@counterweight/core';
import { mixRecipes, plain, type Recipe } from '@counterweight/core/recipe';
import { support } from '@counterweight/recipe-support';

/** A run that is killed again and again: small, and with much going on around its steps. */
export interface Configuration {
  readonly engine: EngineName;
  readonly recipe: () => Recipe<never>;
  readonly training: TrainingOptionsInput;
  readonly evalSplit?: number;
}

const often: TrainingOptionsInput = {
  batchSize: 4,
  maxSteps: 8,
  checkpointEvery: 2,
  evaluateEvery: 3,
  learningRate: 1e-3,
  maxLength: 64,
  maxEvalRows: 3,
  cache: false,
};
const full: TrainingOptionsInput = { ...often, method: 'full' };
const lora: TrainingOptionsInput = { ...often, method: 'lora', loraRank: 4, precision: 'f32' };
const simple = () => plain() as Recipe<never>;
const mixed = () =>
  mixRecipes([support(), plain()], { proportions: { support: 3, plain: 1 } }) as unknown as Recipe<never>;

/** Split, packing, shared prefix, mixture, accumulation, bf16, DoRA, dropout, early stopping: each in one of them. */
export const configurations: Readonly<Record<string, Configuration>> = {
  split: { engine: 'wasm', recipe: simple, training: { ...full, evaluateAtStart: true }, evalSplit: 0.25 },
  packing: {
    engine: 'wasm',
    recipe: simple,
    training: { ...full, packing: 'examples', maxEvalRows: 2 },
    evalSplit: 0.25,
  },
  'shared prefix': { engine: 'wasm', recipe: simple, training: { ...lora, packing: 'shared-prefix' } },
  mixture: { engine: 'wasm', recipe: mixed, training: { ...full, evaluateLossesOnly: true }, evalSplit: 0.2 },
  accumulation: {
    engine: 'wasm',
    recipe: simple,
    training: { ...full, gradientAccumulation: 3, maxSteps: 5, batchSize: 2 },
  },
  dropout: { engine: 'wasm', recipe: simple, training: { ...lora, loraDropout: 0.2, neftuneAlpha: 5 }, evalSplit: 0.2 },
  'early stopping': {
    engine: 'wasm',
    recipe: simple,
    training: {
      ...full,
      evaluateEvery: 2,
      evaluateLossesOnly: true,
      earlyStoppingPatience: 2,
      keep: 'best',
      learningRate: 3e-2,
    },
    evalSplit: 0.25,
  },
  'bfloat16, DoRA': { engine: 'native', recipe: simple, training: { ...lora, precision: 'bf16', dora: true } },
};

/** Rows for each recipe, made once into the folder. */
export async function writeRows(folder: string): Promise<void> {
  const fixture = fileURLToPath(new URL('../../packages/recipe-support/fixtures/banking77-train.csv', import.meta.url));
  const all = (await readRows(fixture)).map(({ value }) => value as { message: string; problem: string });
  const messages = all.filter(({ message }) => message.length < 100).slice(0, 32);
  const pairs = messages.map(({ message, problem }) => ({
    prompt: `Name the problem: ${message}\n`,
    completion: problem,
  }));
  const mixture = [
    ...messages.map((row) => ({ recipe: 'support', ...row })),
    ...pairs.slice(0, 8).map((row) => ({ recipe: 'plain', ...row })),
  ];
  await writeFile(join(folder, 'plain.jsonl'), toLines(pairs));
  await writeFile(join(folder, 'mixture.jsonl'), toLines(mixture));
}

const toLines = (rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
