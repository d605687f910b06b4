import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Metric } from '@counterweight/core';
import type { Estimate } from './measure.ts';
import type { Ratio } from './ratio.ts';

/** results.json: what is known of every recipe and task. What was not measured is not there. */
export interface Results {
  /** By task and by the name of a tokenizer. */
  readonly ratios: Readonly<Record<string, Readonly<Record<string, Ratio>>>>;
  /** By task and by the name of a model. */
  readonly measured: Readonly<Record<string, Readonly<Record<string, TaskResult>>>>;
}

/** A task on held-out rows. */
export interface TaskResult {
  /** Rows to train on, and rows to measure on. */
  readonly train: number;
  readonly heldOut: number;
  readonly seeds: number;
  /** Options of training beside the prompt's weight and the seed. */
  readonly training: Readonly<Record<string, unknown>>;
  /** The metrics that a table shows, the one that counts most first. */
  readonly shown: readonly Pick<Metric<never>, 'name' | 'direction'>[];
  readonly systems: readonly SystemResult[];
  readonly processor: string;
  readonly cores: number;
  readonly day: string;
  /** Of the processor, all its threads and all systems together. */
  readonly minutes: number;
}

export interface SystemResult {
  readonly kind: 'unchanged' | 'baseline' | 'tuned';
  /** Of a baseline: what it does. */
  readonly name?: string;
  /** Of a tuned model: the prompt's weight. */
  readonly weight?: number;
  readonly metrics: Readonly<Record<string, Estimate>>;
  /** Of a tuned model, by metric: over the best of the baselines, and over weight 0. */
  readonly overBaseline?: Readonly<Record<string, Estimate>>;
  readonly overZero?: Readonly<Record<string, Estimate>>;
}

export const resultsFile = new URL('results.json', import.meta.url);

export const readResults = (file: URL | string = resultsFile): Results =>
  existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { ratios: {}, measured: {} };

/** Puts more into a file of results, and leaves the rest. Names in order: the file is the same whatever came first. */
export function addResults(more: Partial<Results>, file: URL | string = resultsFile): void {
  const { ratios, measured } = readResults(file);
  const merged = { ratios: mergedBy(ratios, more.ratios), measured: mergedBy(measured, more.measured) };
  writeFileSync(file, `${JSON.stringify(merged, null, 1)}\n`);
}

type ByTask<Value> = Readonly<Record<string, Readonly<Record<string, Value>>>>;

function mergedBy<Value>(before: ByTask<Value>, more: ByTask<Value> = {}): ByTask<Value> {
  const names = [...new Set([...Object.keys(before), ...Object.keys(more)])].sort();
  return Object.fromEntries(names.map((name) => [name, { ...before[name], ...more[name] }]));
}
