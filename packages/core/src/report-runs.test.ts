import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { description, evaluated, manySteps, writeRun } from './report/test-support/simulated-run.ts';
import { reportRuns } from './report-runs.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'report-runs-'));
  const training = { ...description.training, promptLossWeight: 0, learningRate: 1e-3 };
  await writeRun(join(folder, 'a'), { evaluations: [evaluated(100, 60, 20)] });
  await writeRun(join(folder, 'b'), { description: { training }, evaluations: [evaluated(100, 60, 45)] });
  await writeRun(join(folder, 'c/a'), { steps: manySteps(40), finished: false });
});
afterEach(() => rm(folder, { recursive: true }));

async function compared(...runs: string[]): Promise<string> {
  const { file } = await reportRuns(
    runs.map((run) => join(folder, run)),
    { output: join(folder, 'page.html') },
  );
  return readFile(file, 'utf8');
}

describe('reportRuns', () => {
  it('writes the page of a single run into its folder', async () => {
    expect(await reportRuns([join(folder, 'a')])).toEqual({ file: join(folder, 'a', 'report.html') });
  });

  it('compares several: what differs, their metrics, and their differences row by row', async () => {
    const page = await compared('a', 'b');
    const part = (id: string) => page.split(`<section id="${id}"`)[1]?.split('</section>')[0] ?? '';
    expect(part('options')).toContain('<tr><th scope="row">prompt loss weight</th><td>0.1</td><td>0</td></tr>');
    expect(part('options')).toContain('learning rate');
    expect(part('options')).not.toContain('lora rank');
    expect(part('metrics')).toMatch(/0\.333<small>.*?0\.750<small>/s);
    // 25 of the 60 same rows are answered well by b alone: 0.417 ± 2.0 · √(0.417 · 0.583 / 59).
    const [, low, high] = part('differences').match(/\+0\.417 <small>\+([\d.]+) to \+([\d.]+)</) ?? [];
    expect(Number(low)).toBeCloseTo(0.288, 1);
    expect(Number(high)).toBeCloseTo(0.545, 1);
    expect(part('differences')).toContain('▲ better');
    expect(part('curves').match(/class="key s1"/g)?.length).toBeGreaterThan(3);
    expect(page).not.toMatch(/<script|https?:|NaN|undefined|Infinity/);
  });

  it('takes runs that are not finished or measured, and tells those of one name apart', async () => {
    const page = await compared('a', 'c/a');
    expect(page).toContain('<bdi>a (2)</bdi>');
    expect(page).toContain('not finished: of 100');
    expect(page).not.toContain('<section id="differences"');
  });

  it('refuses what is no run, and none', async () => {
    await expect(compared('a', 'nowhere')).rejects.toMatchObject({ code: 'file-not-found' });
    await expect(reportRuns([])).rejects.toMatchObject({ code: 'option-invalid' });
  });
});
