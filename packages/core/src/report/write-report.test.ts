import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunDescription } from '../run/describe-run.ts';
import type { StepMetrics } from '../training/events.ts';
import { writeReport } from './write-report.ts';

const description: RunDescription = {
  recipe: { name: 'support<b>', options: { task: '"><script>alert(1)</script>' } },
  model: { folder: '/models/a & b', family: 'llama' },
  training: {
    method: 'lora',
    loraRank: 4,
    promptLossWeight: 0.1,
    maxGradientNorm: 1,
    loraTargets: ['q_proj', 'v_proj'],
  },
  seed: 7,
  steps: 100,
  examples: { count: 10, lengths: 'abc' },
  engine: { name: 'wasm', description: 'WebAssembly' },
  versions: { counterweight: '0.0.0', node: 'v24' },
  inputs: {
    data: [{ file: 'rows.csv', path: '/rows.csv', sha256: 'abc' }],
    evalData: [],
    model: [],
    adapter: [],
    tokenizer: [],
  },
  receipt: {
    rows: 12,
    kept: 10,
    cut: 1,
    cutTokens: 40,
    cutAnswers: 0,
    dropped: [
      { file: 'rows<i>.csv', line: 3, reason: 'too-long' },
      { file: undefined, line: 9, reason: 'too-long' },
    ],
    promptTokens: 900,
    completionTokens: 100,
    generationRatio: 100 / 900,
    promptWeightShare: 0.47,
    tallies: { 'phone numbers masked': 3 },
    unused: { category: 12 },
    duplicates: { exact: 4, inEvaluation: { exact: 2, near: 1, dropped: 3 } },
    lengths: { median: 100, p90: 110, p99: 120, longest: 130 },
  },
};

const stepMetrics = (step: number, changes: Partial<StepMetrics> = {}): StepMetrics => ({
  step,
  epoch: 0,
  loss: 2 / step,
  promptLoss: 3 / step,
  completionLoss: 1 / step,
  roleLosses: {},
  learningRate: 1e-3,
  gradientNorm: 1,
  tokens: 100,
  weightSum: 10,
  tokensPerSecond: 5000,
  stepSeconds: 0.02,
  residentBytes: 1e8,
  ...changes,
});

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'report-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function report(steps: readonly StepMetrics[], evaluations: readonly object[] = [], tail = ''): Promise<string> {
  const lines = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  await writeFile(join(folder, 'run.json'), JSON.stringify(description));
  await writeFile(join(folder, 'metrics.jsonl'), lines(steps) + tail);
  if (evaluations.length > 0) await writeFile(join(folder, 'evaluations.jsonl'), lines(evaluations));
  await writeReport(folder);
  return readFile(join(folder, 'report.html'), 'utf8');
}

const manySteps = Array.from({ length: 1000 }, (_, i) => stepMetrics(i + 1, { gradientNorm: 1 + Math.sin(i * i) / 2 }));
const evaluation = (step: number, exactMatch: number) => ({
  ...{ step, rows: 50, tokens: 5000, loss: 1.5, promptLoss: null, completionLoss: 1.25, perplexity: 3.49, exactMatch },
});

describe('writeReport', () => {
  it('puts a run on one small page that needs nothing else', async () => {
    const page = await report(manySteps, [evaluation(0, 0), evaluation(1000, 0.762)]);
    expect(page.length).toBeLessThan(60_000);
    expect(page).not.toMatch(/<script|<link|<img|https?:|@import|url\(|NaN|undefined|Infinity/);
    expect(page).toContain('<dt>exactMatch</dt><dd>0.762<small>from 0.000</small></dd>');
    expect(page).toContain('<dt>completion loss</dt><dd>1.2500<small>from 1.2500</small></dd>');
    for (const title of ['Completion loss', 'Prompt loss', 'Learning rate', 'Gradient norm', 'Speed']) {
      expect(page).toContain(`<b>${title}</b>`);
    }
    expect(page).toContain('<title>evaluation at step 1000: 1.25</title>');
    expect(page).toContain('prompt 90.0 %');
    expect(page).toContain('prompt 47.0 %');
    expect(page).toContain('<dt>the same as an earlier row</dt><dd>4</dd>');
    expect(page).toContain('<dt>evaluated on too</dt><dd>3<small>3 left out</small></dd>');
    expect(page).not.toContain('nearly the same');
  });

  it('escapes everything that comes from outside', async () => {
    const page = await report([stepMetrics(1)], [{ ...evaluation(1, 0), '<u>': 1 }]);
    for (const hostile of ['<script>', 'support<b>', 'rows<i>', '<u>', 'a & b']) expect(page).not.toContain(hostile);
    expect(page).toContain('<h1>support&lt;b&gt; on a &amp; b</h1>');
    expect(page).toContain('rows&lt;i&gt;.csv:3, row:9');
  });

  it('reports a run without evaluations by its training losses', async () => {
    const page = await report(manySteps.slice(0, 100));
    expect(page).toContain('There were no held-out rows.');
    expect(page).toContain('<dt>completion loss</dt><dd>0.0100<small>from 1.0000</small></dd>');
    expect(page).not.toContain('class="dot"');
  });

  it('leaves gaps where a step had no prompt targets, and the chart out where none had', async () => {
    const gaps = await report([stepMetrics(1), stepMetrics(2, { promptLoss: null }), stepMetrics(3)]);
    expect(gaps.match(/<path class="raw" d="([^"]*)"/g)?.[1]).toMatch(/M\d+ \d+h0M\d+ \d+h0"$/);
    const none = await report([stepMetrics(1, { promptLoss: null }), stepMetrics(2, { promptLoss: null })]);
    expect(none).not.toContain('<b>Prompt loss</b>');
    expect(none).not.toContain('<dt>prompt loss</dt>');
  });

  it('reports a single step, and a run stopped before its first', async () => {
    const single = await report([stepMetrics(1)]);
    expect(single).toContain('1 of 100 steps');
    expect(single).not.toMatch(/NaN|undefined|Infinity/);
    expect(await report([])).toContain('No step was made.');
  });

  it('passes over a line that an interruption cut short', async () => {
    expect(await report([stepMetrics(1), stepMetrics(2)], [], '{"step":3,"lo')).toContain('2 of 100 steps');
  });

  it('says so when the folder holds no run', async () => {
    await expect(writeReport(folder)).rejects.toMatchObject({ code: 'file-not-found', where: folder });
  });
});
