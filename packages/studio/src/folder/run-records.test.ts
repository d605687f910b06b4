import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createRecordReader } from './run-records.ts';

let run: string;
beforeEach(() => {
  run = mkdtempSync(join(tmpdir(), 'counterweight-records-'));
  writeFileSync(join(run, 'run.json'), '{}');
  writeFileSync(join(run, 'metrics.jsonl'), '{"step":1}\n');
});
afterEach(() => rmSync(run, { recursive: true }));

it('reads a run again when it has changed, and only then', async () => {
  const read = createRecordReader();
  const first = await read(run);
  expect(first.steps).toHaveLength(1);
  expect(await read(run)).toBe(first);
  appendFileSync(join(run, 'metrics.jsonl'), '{"step":2}\n');
  expect((await read(run)).steps).toHaveLength(2);
});

it('keeps the last few, and no failure', async () => {
  const read = createRecordReader();
  rmSync(join(run, 'run.json'));
  await expect(read(run)).rejects.toThrow('There is no run here');
  writeFileSync(join(run, 'run.json'), '{}');
  const first = await read(run);
  const others = Array.from({ length: 4 }, () => mkdtempSync(join(tmpdir(), 'counterweight-records-')));
  for (const other of others) {
    writeFileSync(join(other, 'run.json'), '{}');
    await read(other);
    rmSync(other, { recursive: true });
  }
  expect(await read(run)).not.toBe(first);
});

it('reads some of the steps of a long run, evenly, and the last', async () => {
  const lines = Array.from({ length: 50_001 }, (_, i) => `{"step":${i + 1}}\n`);
  writeFileSync(join(run, 'metrics.jsonl'), lines.join(''));
  const { steps } = await createRecordReader()(run);
  expect(steps.length).toBeLessThanOrEqual(20_001);
  expect(steps.slice(0, 3).map(({ step }) => step)).toEqual([1, 4, 7]);
  expect(steps.at(-1)?.step).toBe(50_001);
});
