import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { support } from './support.ts';

const read = (name: string) => readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8');
const csv = (name: string): Record<string, string>[] => parse(read(name), { columns: true });
const lines = (name: string): unknown[] =>
  read(name)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

const training = csv('banking77-train.csv');
const evaluation = csv('banking77-eval.csv');
const intents = csv('multidogo-intents-train.csv');

describe('fixtures', () => {
  it('have 4,000 and 500 banking questions that share no message and have the same labels', () => {
    expect([training.length, evaluation.length]).toEqual([4000, 500]);
    const messages = new Set(training.map((row) => row.message?.toLowerCase()));
    expect(evaluation.filter((row) => messages.has(row.message?.toLowerCase()))).toEqual([]);
    const labels = (rows: typeof training) => [...new Set(rows.map((row) => row.problem))].sort();
    expect(labels(evaluation)).toEqual(labels(training));
    expect(labels(training)).toHaveLength(77);
  });

  it('have intents in two parts that share no message', () => {
    const held = csv('multidogo-intents-eval.csv');
    const messages = new Set(intents.map((row) => row.message?.toLowerCase()));
    expect(held.filter((row) => messages.has(row.message?.toLowerCase()))).toEqual([]);
    expect([intents.length, held.length]).toEqual([431, 104]);
    expect(new Set(intents.map((row) => row.intent)).size).toBe(27);
  });

  it('have summaries that are faithful, as long as they should be, and one sentence where they should', async () => {
    for (const [recipe, name] of [
      [support({ task: 'one-sentence-summary' }), 'one-sentence-summaries.jsonl'],
      [support({ task: 'summary' }), 'summaries.jsonl'],
    ] as const) {
      const { parseRow, metrics, tally } = recipe as ReturnType<typeof support<'summary'>>;
      const rows = lines(name).map(parseRow);
      const predictions = rows.map((row) => ({ row, text: row.summary as string }));
      for (const metric of metrics.filter(({ name }) => /^faithful|oneSentence|lengthCompliance/.test(name))) {
        expect([metric.name, await metric.compute(predictions)]).toEqual([metric.name, 1]);
      }
      expect(
        rows.filter((row) => Object.entries(tally?.(row) ?? {}).some(([what, n]) => /summaries/.test(what) && n > 0)),
      ).toEqual([]);
    }
  });
});
