import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SweepEvent } from '../sweep/events.ts';
import type { SweepOptions } from '../sweep/options.ts';
import { comparedTrials } from '../sweep/plan.ts';
import { readPlan } from '../sweep/plan-sweep.ts';
import type { TrialOutcome } from '../sweep/trial-folder.ts';
import { planSweep, workSweep } from '../sweep.ts';
import { counting, model, newRun, path, type Row } from './small-runs.ts';

/** Of a training of a few seconds. */
export const training = {
  maxSteps: 4,
  batchSize: 2,
  loraRank: 2,
  learningRate: 0.01,
  precision: 'f32',
  cache: false,
} as const;

/** Rows of a sweep of a few seconds, put into a file when they are first asked for. */
function manyRows(): string {
  const file = path('many.jsonl');
  const rows = Array.from({ length: 30 }, (_, i) => ({ prompt: `There were ${i} cats`, completion: ` and ${i} dogs` }));
  if (!existsSync(file)) writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return file;
}

export function optionsOf(options: Partial<SweepOptions<Row>> = {}): SweepOptions<Row> {
  return {
    recipe: counting,
    model,
    engine: 'wasm',
    data: manyRows(),
    evalSplit: 0.4,
    weights: [0, 1],
    seeds: 1,
    neutral: ['Once there was a cat.'],
    output: newRun(),
    ...options,
    training: { ...training, ...options.training },
  };
}

export async function swept(options: SweepOptions<Row>) {
  const events: SweepEvent[] = [];
  const given = { ...options, onEvent: (event: SweepEvent) => events.push(event) };
  const planned = await planSweep(given);
  const result = await workSweep(given);
  return { planned, result, events, output: options.output, outcomes: await outcomesOf(options.output) };
}

export const outcomeOf = (sweep: string, id: string): TrialOutcome =>
  JSON.parse(readFileSync(join(sweep, 'trials', id, 'outcome.json'), 'utf8'));
export const outcomesOf = async (sweep: string): Promise<TrialOutcome[]> =>
  comparedTrials(await readPlan(sweep)).flatMap(({ id }) =>
    existsSync(join(sweep, 'trials', id, 'done')) ? [outcomeOf(sweep, id)] : [],
  );
