/**
 * What a sweep costs beside the trainings and evaluations that it is made of: the processor time of all of it, divided by
 * that of the same trainings' steps and of the same measurements, each made by itself. Processor time means something on a
 * busy machine too. At most 1.1 is the aim.
 *
 *     node bench/sweep-overhead.ts                                        # 6 weights × 8 seeds of the quickstart: hours
 *     node bench/sweep-overhead.ts --weights 0,0.1 --seeds 2 --steps 100  # minutes
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { evaluateDecoder } from '../packages/core/src/evaluation/evaluate-decoder.ts';
import { measureDistance } from '../packages/core/src/evaluation/forgetting/distance.ts';
import { fineTune, SWEEP_DEFAULTS, type SweepOptions, sweep } from '../packages/core/src/index.ts';
import { measureTrial } from '../packages/core/src/sweep/measure-trial.ts';
import { openBench } from '../packages/core/src/sweep/open-bench.ts';
import { openOptions } from '../packages/core/src/sweep/options.ts';
import { PATH } from '../packages/core/src/sweep/run-trial.ts';
import { parseTrainingOptions } from '../packages/core/src/training/parse-options.ts';
import { type SupportRow, support } from '../packages/recipe-support/src/index.ts';

const { values } = parseArgs({
  options: {
    weights: { type: 'string', default: SWEEP_DEFAULTS.weights.join(',') },
    seeds: { type: 'string', default: '8' },
    steps: { type: 'string' },
    /** Of the two sides that this script starts as processes of their own. */
    side: { type: 'string' },
  },
});
const AIM = 1.1;
const at = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const weights = values.weights.split(',').map(Number);
const seeds = Number(values.seeds);
const folder = mkdtempSync(join(tmpdir(), 'counterweight-sweep-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** As `npm run quickstart` trains. */
const options: SweepOptions<SupportRow> = {
  recipe: support(),
  model: at('models/stories260k'),
  data: at('packages/recipe-support/fixtures/banking77-train.csv'),
  evalData: at('packages/recipe-support/fixtures/banking77-eval.csv'),
  output: join(folder, 'sweep'),
  weights,
  seeds,
  training: {
    method: 'full',
    learningRate: 3e-3,
    batchSize: 16,
    epochs: 4,
    ...(values.steps !== undefined && { maxSteps: Number(values.steps) }),
  },
};

/** Seconds of the processor that this process has had, in all its threads. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

if (values.side === 'sweep') await sweepSide();
else if (values.side === 'bare') await bareSide();
else compare();

/** All of a sweep, from reading the rows to the report. */
async function sweepSide(): Promise<void> {
  const start = cpuSeconds();
  await sweep(options);
  console.log(JSON.stringify({ total: cpuSeconds() - start }));
}

/** The steps of each training from the first to the last, and the measurements of what came out: nothing else is counted. */
async function bareSide(): Promise<void> {
  const sums = { steps: 0, measuring: 0 };
  for (let seed = 0; seed < seeds; seed++) {
    for (const promptLossWeight of weights) {
      const { recipe, model, data } = options;
      const training = { ...options.training, promptLossWeight, seed };
      let [first, last] = [0, 0];
      const { run } = await fineTune({
        ...{ recipe, model, data, training, output: join(folder, `${promptLossWeight}-${seed}`) },
        onEvent({ type }) {
          if (type === 'start') first = cpuSeconds();
          if (type === 'step') last = cpuSeconds();
        },
      });
      sums.steps += last - first;
      sums.measuring += await measuringSeconds(join(run, 'model'), training);
    }
  }
  console.log(JSON.stringify(sums));
}

/** What a trial measures of the model after training, and along the way. */
async function measuringSeconds(model: string, training: SweepOptions<SupportRow>['training']): Promise<number> {
  const parsed = parseTrainingOptions(training);
  const bench = await openBench(openOptions({ ...options, model }), {}, parsed);
  try {
    const { decoder } = bench.model;
    const initial = bench.begin(parsed.seed);
    const task = { ...bench.task, training: parsed };
    const onTheWay = { ...parsed, evaluateLossesOnly: true, maxEvalRows: PATH.rows };
    const start = cpuSeconds();
    for (let point = 0; point <= PATH.points; point++) {
      await evaluateDecoder(decoder, bench.parts.validation, { ...task, training: onTheWay });
      await measureDistance(decoder, decoder.parameters.vector);
    }
    await measureTrial(bench, task, initial);
    return cpuSeconds() - start;
  } finally {
    bench.dispose();
  }
}

function compare(): void {
  const side = <Result>(name: string): Result => {
    const script = [fileURLToPath(import.meta.url), ...process.argv.slice(2), '--side', name];
    const { status, stdout } = spawnSync(process.execPath, ['--no-warnings', ...script], {
      stdio: ['ignore', 'pipe', 'inherit'],
      encoding: 'utf8',
    });
    if (status !== 0) process.exit(status ?? 1);
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Result;
  };
  const { total } = side<{ total: number }>('sweep');
  const { steps, measuring } = side<{ steps: number; measuring: number }>('bare');
  const ratio = total / (steps + measuring);
  const trials = `${weights.length} × ${seeds} trials`;
  console.log(`${trials}: ${total.toFixed(1)} s of the processor for the sweep, of all its threads`);
  console.log(`bare: ${steps.toFixed(1)} s for the steps, ${measuring.toFixed(1)} s for the measurements`);
  console.log(`ratio ${ratio.toFixed(3)} (aim: at most ${AIM})`);
  process.exitCode = ratio <= AIM ? 0 : 1;
}
