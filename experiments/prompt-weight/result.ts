import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { analyzeSweep, type SweepAnalysis, type SweepPlan } from '@counterweight/core';
import { observationOf } from '../../packages/core/src/sweep/read-sweep.ts';
import { analysisOptions } from '../../packages/core/src/sweep/report-sweep.ts';
import { regimes } from './regimes.ts';

/** What `collect.ts` has kept of a sweep, and what is made of it today. */
export interface Result extends KeptResult {
  readonly analysis: SweepAnalysis;
}

interface KeptResult {
  readonly version: string;
  readonly processor: string;
  readonly cores: number;
  /** Of all trials together. */
  readonly computedSeconds: number;
  readonly plan: Omit<SweepPlan, 'command'>;
  readonly failed: readonly { readonly id: string; readonly message: string }[];
  readonly trials: readonly KeptTrial[];
}

type Observed = Parameters<typeof observationOf>[0];
type KeptTrial = Observed['trial'] & Omit<Observed, 'trial'> & { readonly steps: number; readonly seconds: number };

const folder = new URL('results/', import.meta.url);
const ENDING = '.json.gz';

/** The experiments that have been run to their end, in the order of `regimes`. */
export function resultNames(): string[] {
  const files = readdirSync(folder).filter((file) => file.endsWith(ENDING));
  const known = Object.keys(regimes);
  return files.map((file) => file.slice(0, -ENDING.length)).sort((a, b) => known.indexOf(a) - known.indexOf(b));
}

/** JSON has no NaN: what a row has not is null there. */
const known = (columns: Observed['rows']): Observed['rows'] =>
  Object.fromEntries(
    Object.entries(columns).map(([name, values]) => [name, Array.from(values, (value) => value ?? Number.NaN)]),
  );

const read = new Map<string, Result>();

/** A result by name, analysed: once in a process, as it takes a second or two. */
export function readResult(name: string): Result {
  const before = read.get(name);
  if (before) return before;
  const kept = JSON.parse(gunzipSync(readFileSync(new URL(`${name}${ENDING}`, folder))).toString()) as KeptResult;
  const compared = kept.trials.filter(({ stage }) => stage === 'compare');
  const observations = compared.map((trial) => observationOf({ ...trial, trial, rows: known(trial.rows) }, kept.plan));
  const result = { ...kept, analysis: analyzeSweep(observations, analysisOptions(kept.plan)) };
  read.set(name, result);
  return result;
}
