import { readFileSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { readSweep, version } from '@counterweight/core';

/** On what a sweep was computed. */
export interface Circumstances {
  readonly processor: string;
  readonly cores: number;
}

/** Four digits that matter. */
const short = (value: number): number => Number(value.toPrecision(4));

/** Writes a sweep that is done into one small file: its plan, and every trial's outcomes and scores, row by row. */
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
    const columns = [...new Set(scores.flatMap(Object.keys))];
    return {
      ...trial,
      ...{ steps, promptShare, outcomes, validation, path, seconds },
      rows: Object.fromEntries(columns.map((name) => [name, scores.map((own) => short(own[name] ?? Number.NaN))])),
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
  };
  await mkdir(dirname(file), { recursive: true });
  writeFileSync(file, gzipSync(JSON.stringify(result), { level: 9 }));
}
