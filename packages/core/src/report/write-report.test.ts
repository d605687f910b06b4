import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  description,
  evaluated,
  forgetting,
  manySteps,
  type SimulatedRun,
  stepMetrics,
  writeRun,
} from './test-support/simulated-run.ts';
import { writeReport } from './write-report.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'report-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function report(run: SimulatedRun = {}): Promise<string> {
  await writeRun(folder, run);
  return readFile(await writeReport(folder), 'utf8');
}

const part = (page: string, id: string): string => page.split(`<section id="${id}"`)[1]?.split('</section>')[0] ?? '';

describe('the report of a run', () => {
  it('is one small page that needs nothing else', async () => {
    const page = await report({ steps: manySteps(1000), evaluations: [evaluated(0, 60, 0), evaluated(1000, 60, 45)] });
    expect(page.length).toBeLessThan(120_000);
    expect(page).not.toMatch(/<script|<link|<img|https?:|@import|url\(|NaN|undefined|Infinity/);
    for (const id of ['outcome', 'samples', 'labels', 'curves', 'rows', 'options', 'repeat']) {
      expect(page).toContain(`<a href="#${id}">`);
      expect(part(page, id)).not.toBe('');
    }
    for (const title of ['Completion loss', 'Prompt loss', 'Learning rate', 'Gradient norm', 'Speed', 'Memory']) {
      expect(page).toContain(`<b>${title}</b>`);
    }
  });

  it('says in a sentence what came of it, with intervals below and the baseline beside', async () => {
    const page = await report({ evaluations: [evaluated(0, 60, 0), evaluated(100, 60, 45)] });
    expect(page).toContain('Exact match rose from 0.000 to <b class="better">0.750</b> on 60 held-out rows.');
    expect(page).toContain('Better, by more than the choice of rows explains.');
    expect(page).toContain('The most frequent problem has 0.100.');
    const outcome = part(page, 'outcome');
    // None of 60: exactly, 1 − 0.025^(1/60). 45 of 60: about 0.75 ± 2.0 · √(0.75 · 0.25 / 59).
    expect(outcome).toContain('0.000<small>0.000 to 0.060</small>');
    const [, low, high] = outcome.match(/0\.750<small>([\d.]+) to ([\d.]+)</) ?? [];
    expect(Number(low)).toBeCloseTo(0.637, 1);
    expect(Number(high)).toBeCloseTo(0.863, 1);
    expect(outcome).toContain('15 of 60 outputs were cut at the limit of tokens');
    expect(outcome).toContain(
      '<dt>exact match <code>exactMatch</code></dt><dd>Share of outputs that equal the problem.',
    );
  });

  it('does not call better what a few rows may show by chance', async () => {
    const page = await report({ evaluations: [evaluated(0, 11, 5), evaluated(100, 11, 6)] });
    expect(page).toContain('<b class="open">0.545</b>');
    expect(page).toContain('With so few rows that may be chance.');
  });

  it('shows samples before and after with the right answer, those first that changed', async () => {
    const page = await report({ evaluations: [evaluated(0, 60, 1), evaluated(100, 60, 45)] });
    const samples = part(page, 'samples');
    expect(samples).toContain('44 rows are answered better than before, 0 worse, 16 as well');
    expect(samples).toContain('<h3>Better <small>3 of 44 rows</small></h3>');
    expect(samples.indexOf('Row 2')).toBeLessThan(samples.indexOf('<h3>As before'));
    expect(samples).toMatch(
      /before <small>exact match 0\.000<\/small><\/p><p><bdi class="said" dir="auto">once upon a time/,
    );
    expect(samples).toContain('✓ right');
  });

  it('counts which label is taken for which', async () => {
    const page = await report({ evaluations: [evaluated(100, 60, 45)] });
    expect(part(page, 'labels')).toContain('once upon a time</bdi></td><td class="number">5 <small>of 20</small>');
  });

  it('says what was forgotten, where that was measured', async () => {
    const section = part(await report({ forgetting }), 'forgetting');
    expect(section).toContain('2.4055<small>nats a token</small><small>before: 2.0000</small>');
    expect(section).toContain('× 1.5<small>of before: it predicts such text worse</small>');
    expect(section).toContain('<th scope="row">layers.1</th><td class="number">1\u00a0%</td>');
    expect(section).toMatch(/layers\.0<.*?<rect width="66\.67%"/);
    await rm(join(folder, 'forgetting.json'));
    expect(await report()).not.toContain('id="forgetting"');
  });

  it('puts options first that differ from their defaults, and leaves out those that mean nothing', async () => {
    const options = part(await report(), 'options');
    const [changed, others] = options.split('All others');
    expect(changed).toContain(
      '<th scope="row">lora rank<small><code>--lora-rank</code></small></th><td>4</td><td>16</td>',
    );
    expect(changed).not.toContain('lora alpha');
    expect(others).toContain('lora alpha');
    const full = part(
      await report({ description: { training: { ...description.training, method: 'full' } } }),
      'options',
    );
    expect(full).not.toContain('lora rank');
  });

  it('says what became of the rows', async () => {
    const rows = part(await report(), 'rows');
    expect(rows).toContain('prompt 90.0 %');
    expect(rows).toContain('prompt 47.0 %');
    expect(rows).toMatch(/an earlier row says<\/th><td class="number">4<.*?<td class="number">–</s);
    expect(rows).toMatch(
      /a row to evaluate on says<\/th><td class="number">2<\/td><td class="number">1<.*?3 of them left out/s,
    );
    expect(rows).toContain('rows.csv:3, row:9');
  });

  it('says how to repeat it, when it was, how long it took and where', async () => {
    const repeat = part(await report(), 'repeat');
    expect(repeat.replaceAll(/<[^>]+>/g, '')).toContain('train --recipe support --model &#39;./my model&#39;');
    for (const fact of ['28 Nov 2026, 14:03 UTC', '1:12', 'EPYC', 'WebAssembly', 'v24', 'abcdef0123456789']) {
      expect(repeat).toContain(fact);
    }
  });

  it('draws a run of 100,000 steps in less than 400 kB', async () => {
    await writeRun(folder, {
      steps: manySteps(100_000),
      evaluations: [evaluated(0, 500, 0), evaluated(100_000, 500, 400)],
    });
    const { readRunRecord } = await import('./run-record.ts');
    const { runPage } = await import('./run-page/index.ts');
    const record = await readRunRecord(folder);
    expect(runPage(record).length).toBeLessThan(400_000);
  });
});

describe('a run that is not whole', () => {
  it('is reported by its training losses where nothing was held out', async () => {
    const page = await report();
    expect(page).toContain('There were no held-out rows.');
    expect(page).toContain('<dt>completion loss</dt><dd>0.0100<small>from 1.0000</small></dd>');
    expect(page).not.toContain('class="dot"');
  });

  it('says that it is not finished, and how far it came', async () => {
    const page = await report({ steps: manySteps(40), finished: false, evaluations: [evaluated(20, 30, 10)] });
    expect(page).toContain('<b>Not finished.</b> It stopped after step 40 of 100');
    expect(part(page, 'outcome')).toContain('after step 20');
  });

  it('leaves gaps where a step had no prompt targets, and the plot out where none had', async () => {
    const gaps = await report({ steps: [stepMetrics(1), stepMetrics(2, { promptLoss: null }), stepMetrics(3)] });
    expect(gaps.match(/chart prompt.*?<path class="raw" d="([^"]*)"/s)?.[1]).toMatch(/^M[\d.,]+ZM[\d.,]+Z$/);
    const none = await report({ steps: [stepMetrics(1, { promptLoss: null }), stepMetrics(2, { promptLoss: null })] });
    expect(none).not.toContain('<b>Prompt loss</b>');
    expect(none).not.toContain('<dt>prompt loss</dt>');
  });

  it('is reported after a single step, and before the first', async () => {
    const single = await report({ steps: [stepMetrics(1)], finished: false });
    expect(single).toContain('It stopped after step 1 of 100');
    expect(single).not.toMatch(/NaN|undefined|Infinity/);
    expect(await report({ steps: [], finished: false })).toContain('No step was made.');
  });

  it('passes over a line that an interruption cut short', async () => {
    const page = await report({ steps: [stepMetrics(1), stepMetrics(2)], tail: '{"step":3,"lo', finished: false });
    expect(page).toContain('It stopped after step 2 of 100');
  });

  it('says so when the folder holds no run', async () => {
    await expect(writeReport(folder)).rejects.toMatchObject({ code: 'file-not-found', where: folder });
  });
});

describe('text of rows is data', () => {
  const hostile = (text: string): SimulatedRun => ({
    description: {
      recipe: { ...description.recipe, name: `support${text}`, options: { task: text } },
      receipt: {
        ...description.receipt,
        dropped: [{ file: text, line: 1, reason: 'invalid', problem: text }],
        unused: { [text]: 1 },
      },
    },
    evaluations: [0, 100].map((step) => {
      const one = evaluated(step, 4, step / 50);
      const own = one.predictions.map((line) => ({
        ...line,
        prompt: text,
        reference: text,
        output: text,
        labels: { reference: text, output: `${line.row}${text}` },
      }));
      return { ...one, predictions: own };
    }),
    examples: [{ ids: [1, 2], weights: [0, 1], roles: [text, 'assistant'], pieces: [text, text], text }],
  });

  it.each([
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    '</style><base href=//x>',
  ])('markup in it is words: %s', async (text) => {
    const page = await report(hostile(text));
    expect(page).not.toContain(text);
    expect(page).toContain(
      text.replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;'),
    );
    expect(page.replaceAll(/"[^"]*"/g, '""')).not.toMatch(/<(script|img|base)|<[a-z]+[^>]* on\w+=/i);
  });

  it('an address in it leads nowhere', async () => {
    const page = await report(hostile('javascript:alert(1)'));
    expect(page).not.toMatch(/(href|src|action|xlink:href)="(?!#)/);
  });

  it('marks in it turn no direction, neither their own nor that of what follows', async () => {
    const page = await report(hostile('exe.\u202egpj\u2066 \u200f\u061c'));
    expect(page).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/);
    expect(page).toContain('\\u202e');
    expect(page).toContain('⟨U+202E⟩');
  });
});
