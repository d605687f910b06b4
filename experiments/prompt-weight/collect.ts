import { readFileSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { readSweep, type SweepAnalysis, version } from '@counterweight/core';

/** On what a sweep was computed. */
export interface Circumstances {
  readonly processor: string;
  readonly cores: number;
}

/** Of rows, what the analysis resamples: the losses of answers and the first metric. */
const KEPT_SCORES = ['completionLoss', 'exactMatch'];

/** Four digits that matter. */
const short = (value: number): number => Number(value.toPrecision(4));

/** Writes a sweep that is done into one small file: its plan, every trial's outcomes, and the analysis. */
export async function collect(sweep: string, file: string, circumstances: Circumstances): Promise<void> {
  const { plan, done, failed } = await readSweep(sweep);
  const json = (path: string) => JSON.parse(readFileSync(join(sweep, path), 'utf8'));
  const { command: _, inputs, ...kept } = plan;
  const trials = done.map(({ trial, seconds }) => {
    const { outcomes, validation, promptShare, steps, path } = json(`trials/${trial.id}/outcome.json`);
    const rows = readFileSync(join(sweep, 'trials', trial.id, 'predictions.jsonl'), 'utf8')
      .split('\n')
      .filter(Boolean);
    const scores = rows.map((line) => JSON.parse(line).scores as Record<string, number>);
    const columns = KEPT_SCORES.filter((name) => scores.some((own) => own[name] !== undefined));
    return {
      ...trial,
      ...{ steps, promptShare, outcomes, validation, path, seconds },
      rows: Object.fromEntries(columns.map((name) => [name, scores.map((own) => short(own[name] ?? 0))])),
    };
  });
  const hashes = Object.entries(inputs).map(([kind, files]) => [
    kind,
    files.map(({ file: name, sha256 }) => ({ file: name, sha256 })),
  ]);
  const result = {
    version,
    ...circumstances,
    computedSeconds: Math.round(done.reduce((sum, { seconds }) => sum + seconds, 0)),
    plan: { ...kept, inputs: Object.fromEntries(hashes) },
    failed: failed.map(({ trial, message }) => ({ ...trial, message })),
    trials,
    analysis: json('analysis.json') as SweepAnalysis,
  };
  await mkdir(dirname(file), { recursive: true });
  writeFileSync(file, gzipSync(JSON.stringify(result), { level: 9 }));
}
