import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { previewPage } from '../../packages/core/src/report/preview-page.ts';
import { sweepPage } from '../../packages/core/src/report/sweep/page.ts';
import {
  description,
  evaluated,
  forgetting,
  manySteps,
  type SimulatedRun,
  writeRun,
} from '../../packages/core/src/report/test-support/simulated-run.ts';
import { writeReport } from '../../packages/core/src/report/write-report.ts';
import { reportRuns } from '../../packages/core/src/report-runs.ts';
import { analyzeSweep } from '../../packages/core/src/sweep/analysis/analyze-sweep.ts';
import { EXACT_MATCH, simulatedTrials } from '../../packages/core/src/sweep/analysis/test-support/simulated-trials.ts';
import type { SweepProgress } from '../../packages/core/src/sweep/read-sweep.ts';

export const example = {
  ids: [1, 5, 6, 7, 8, 2],
  weights: [0, 0, 0.1, 0.1, 1, 1],
  roles: ['bos', 'template', 'user', 'user', 'assistant', 'assistant'],
  pieces: ['', 'Customer: ', 'Where is', ' my card?\n', 'card arrival', ''],
  text: 'Customer: Where is my card?\ncard arrival',
};

const whole: SimulatedRun = {
  steps: manySteps(400).map((step) => ({ ...step, roleLosses: { system: 2, user: 3 / step.step, assistant: 1 } })),
  evaluations: [evaluated(0, 120, 4), evaluated(200, 120, 60), evaluated(400, 120, 90)],
  examples: [example, example, example],
  forgetting,
};

/** Every kind of page, written into a folder. @returns addresses by name */
export async function writePages(folder: string): Promise<Record<string, string>> {
  const runs: Record<string, SimulatedRun> = {
    run: whole,
    unmeasured: { examples: [example] },
    unfinished: { steps: manySteps(30), finished: false, evaluations: [evaluated(20, 30, 10)] },
    nothing: { steps: [], finished: false },
    other: {
      ...whole,
      description: { training: { ...description.training, promptLossWeight: 0 } },
      evaluations: [evaluated(400, 120, 70)],
    },
  };
  const files: Record<string, string> = {};
  for (const [name, run] of Object.entries(runs)) {
    await writeRun(join(folder, name), run);
    files[name] = await writeReport(join(folder, name));
  }
  const compared = ['run', 'other', 'unfinished'].map((name) => join(folder, name));
  files.comparison = (await reportRuns(compared, { output: join(folder, 'comparison.html') })).file;
  const write = (name: string, page: string) => {
    files[name] = join(folder, `${name}.html`);
    writeFileSync(files[name], page);
  };
  mkdirSync(folder, { recursive: true });
  const receipt = [{ label: 'R_g', value: '0.26', notes: ['completion tokens / prompt tokens'] }];
  write('preview', previewPage({ title: 'What support trains on', receipt, promptShare: 0.4, examples: [example] }));
  const trials = simulatedTrials(1, { accuracy: [0.5, 0.52, 0.55, 0.6, 0.58, 0.5] });
  const plan = {
    recipe: { name: 'support' },
    seeds: [0, 1],
    training: { epochs: 2 },
    axes: { promptLossWeight: [0, 1] },
    inputs: {},
  };
  const progress = { plan, done: [], failed: [], open: [] } as unknown as SweepProgress;
  write('sweep', sweepPage(progress, analyzeSweep(trials, { metrics: EXACT_MATCH })));
  return Object.fromEntries(Object.entries(files).map(([name, file]) => [name, pathToFileURL(file).href]));
}

/** A run whose every text is hostile. */
export const hostileRun = (text: string): SimulatedRun => ({
  description: {
    recipe: { ...description.recipe, name: text, options: { [text]: text } },
    model: { folder: `/models/${text}`, family: 'llama' },
    inputs: { ...description.inputs, data: [{ file: text, path: text, sha256: text }] },
    receipt: {
      ...description.receipt,
      dropped: [{ file: text, line: 1, reason: 'invalid', problem: text }],
      unused: { [text]: 1 },
      tallies: { [text]: 1 },
    },
    baseline: { name: text, metrics: { exactMatch: 0.5 } },
  },
  evaluations: [0, 100].map((step) => {
    const one = evaluated(step, 6, step / 25);
    const predictions = one.predictions.map((line) => ({
      ...line,
      ...{ prompt: text, reference: `${line.row % 2}${text}`, output: text },
      labels: { reference: `${line.row % 2}${text}`, output: text },
    }));
    return { ...one, predictions, evaluation: { ...one.evaluation, failedMetrics: { [text]: text } } };
  }),
  examples: [{ ids: [1, 2], weights: [0.5, 1], roles: [text, 'assistant'], pieces: [text, text], text }],
});
