import { existsSync } from 'node:fs';
import { readFile, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Distance } from '../evaluation/forgetting/distance.ts';
import { writeFileDurably } from '../files/durable.ts';
import { makeFolder } from '../files/make-folder.ts';
import type { PathPoint } from './analysis/observations.ts';
import type { Trial } from './plan.ts';

/** outcome.json: what a trial came to. The same to the last bit whenever it is run again. */
export interface TrialOutcome {
  readonly trial: Trial;
  /** Steps made, and the step after which the model was what was measured. */
  readonly steps: number;
  readonly resultStep: number;
  /** The prompt's share of the total weight of what was trained on. */
  readonly promptShare: number;
  /** On rows to report on. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** On rows to choose on. */
  readonly validation: Readonly<Record<string, number>>;
  /** How far each layer moved. */
  readonly layers: Readonly<Record<string, Distance>>;
  /** Along the way. */
  readonly path: readonly PathPoint[];
}

/** A line of predictions.jsonl: a row to report on. */
export interface TrialRow {
  /** Number among the rows that are held out, from 1. */
  readonly row: number;
  readonly prompt?: string;
  readonly reference?: string;
  readonly output?: string;
  readonly cut?: boolean;
  /** Losses in nats a token, and the scores of the recipe's metrics that score single outputs. */
  readonly scores: Readonly<Record<string, number>>;
}

/** done: when, and how long it took; nothing of a trial counts before it is there. */
export interface TrialDone {
  readonly seconds: number;
  readonly finished: string;
}

const [OUTCOME, ROWS, DONE, FAILED] = ['outcome.json', 'predictions.jsonl', 'done', 'failed.json'];

export const trialFolder = (sweep: string, { id }: Pick<Trial, 'id'>): string => join(sweep, 'trials', id);

export const isDone = (folder: string): boolean => existsSync(join(folder, DONE));

/** Writes what a trial came to; the last of it is `done`. */
export async function writeTrial(
  folder: string,
  { outcome, rows, seconds }: { outcome: TrialOutcome; rows: readonly TrialRow[]; seconds: number },
): Promise<void> {
  await writeFileDurably(join(folder, ROWS), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  await writeFileDurably(join(folder, OUTCOME), `${JSON.stringify(outcome, null, 2)}\n`);
  await forgetFailure(folder);
  const done: TrialDone = { seconds: Number(seconds.toFixed(2)), finished: new Date().toISOString() };
  await writeFileDurably(join(folder, DONE), `${JSON.stringify(done)}\n`);
}

export const writeFailure = (folder: string, message: string): Promise<void> =>
  writeFileDurably(join(folder, FAILED), `${JSON.stringify({ message })}\n`);

/** A trial that failed is asked for again. */
export const forgetFailure = (folder: string): Promise<void> => rm(join(folder, FAILED), { force: true });

/**
 * Says of a trial that it failed, where nobody was left at it who could: its processes crashed, again and again. It may be asked
 * for all the same.
 * @throws the file system's error
 * @example
 * ```ts
 * import { failTrial, readSweep } from '@counterweight/core';
 *
 * const { open } = await readSweep('sweeps/first');
 * for (const trial of open) await failTrial('sweeps/first', trial, 'It needs more memory than there is.');
 * ```
 */
export async function failTrial(sweep: string, trial: Pick<Trial, 'id'>, message: string): Promise<void> {
  const folder = trialFolder(resolve(sweep), trial);
  await makeFolder(folder);
  await writeFailure(folder, message);
}

/** What a trial came to; undefined where it is not done. */
export async function readOutcome(folder: string): Promise<{ outcome: TrialOutcome; seconds: number } | undefined> {
  if (!isDone(folder)) return undefined;
  const json = async (name: string) => JSON.parse(await readFile(join(folder, name), 'utf8'));
  const { seconds } = (await json(DONE)) as TrialDone;
  return { outcome: await json(OUTCOME), seconds };
}

/** The rows of a trial that is done. */
export async function readRows(folder: string): Promise<TrialRow[]> {
  const lines = (await readFile(join(folder, ROWS), 'utf8')).split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as TrialRow);
}

/** Why and when a trial failed the last time, in milliseconds since 1970; undefined where it did not. */
export async function readFailure(folder: string): Promise<{ message: string; at: number } | undefined> {
  const file = join(folder, FAILED);
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const { mtimeMs: at } = await stat(file);
  return { ...(JSON.parse(text) as { message: string }), at };
}
