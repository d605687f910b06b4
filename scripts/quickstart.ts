import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import {
  type Evaluation,
  fineTune,
  generate,
  openEngine,
  readRows,
  type TrainingEvent,
  type TrainingOptionsInput,
} from '@counterweight/core';
import { support } from '@counterweight/recipe-support';
import { findEnginePackage } from '../packages/core/src/engine/native/find-package.ts';
import { build } from './build.ts';
import { bringSmolLm2 } from './smollm2.ts';
import { printStep, printTable, progressLine } from './terminal.ts';

/**
 * From a clone to a fine-tuned model: a real pretrained model learns to name what bank customers write about.
 * What a program of yours would do is `fineTune` and `generate`; the rest is installation and prints.
 */

const at = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const recipe = support();

/** What is trained on what: every weight of a model of 260,000, or an adapter on one of 135 million (`--model smollm2`). */
interface Job {
  readonly model: string;
  readonly rows: number;
  readonly heldOut: number;
  readonly what: string;
  readonly training: TrainingOptionsInput;
}

function jobFor(name: string, onWasm: boolean): Job {
  if (name === 'smollm2') {
    const lora = { method: 'lora', loraRank: 16, learningRate: 1e-3, batchSize: 8, epochs: 2 } as const;
    return {
      model: bringSmolLm2(printStep),
      rows: 1200,
      heldOut: 200,
      what: 'a LoRA adapter of rank 16',
      training: lora,
    };
  }
  if (name !== 'stories260k') throw new Error(`There is no quickstart for ${name}: stories260k or smollm2.`);
  // WebAssembly is slower: half the training, the same road.
  const full = { method: 'full', learningRate: 3e-3, batchSize: 16, epochs: onWasm ? 2 : 4 } as const;
  return { model: at('models/stories260k'), rows: 4000, heldOut: 500, what: 'every weight', training: full };
}

async function firstRows(file: string, count: number): Promise<unknown[]> {
  const rows = await readRows([at(`packages/recipe-support/fixtures/${file}`)]);
  return rows.slice(0, count).map(({ value }) => value);
}

async function main(): Promise<void> {
  await Promise.all([build(), buildEngine()]);
  const engine = await openEngine();
  printStep(`Engine: ${engine.description}`);

  const { values: flags } = parseArgs({ options: { model: { type: 'string', default: 'stories260k' } } });
  const { model, rows, heldOut, what, training } = jobFor(flags.model, engine.name === 'wasm');
  const many = rows.toLocaleString('en');
  printStep(
    `Fine-tuning ${what} on ${many} customer messages, ${training.epochs} times over; measured before and after`,
  );
  const evaluations: Evaluation[] = [];
  const { run } = await fineTune({
    recipe,
    model,
    data: await firstRows('banking77-train.csv', rows),
    evalData: await firstRows('banking77-eval.csv', heldOut),
    output: freeFolder('runs/quickstart'),
    training,
    onEvent: (event) => {
      if (event.type === 'evaluation') evaluations.push(event.evaluation);
      showProgress(event);
    },
  });

  const [before, after] = evaluations as [Evaluation, Evaluation];
  printTable(
    [`on ${heldOut} messages it has not seen`, 'before', 'after'],
    [
      ['problem named exactly', named(before), named(after)],
      ['macro F1 over the problems', decimals(before.metrics.macroF1), decimals(after.metrics.macroF1)],
      ['loss on the answers, nats a token', decimals(before.completionLoss), decimals(after.completionLoss)],
      ['loss on the messages, nats a token', decimals(before.promptLoss), decimals(after.promptLoss)],
    ],
  );
  const folder = relative(process.cwd(), run);
  const isAdapter = training.method === 'lora';
  await showAnswers(model, isAdapter ? { model, adapter: `${run}/adapter` } : { model: `${run}/model` });
  const trained = isAdapter ? `${relative(process.cwd(), model)} --adapter ${folder}/adapter` : `${folder}/model`;
  console.log(`\nThe run is in ${folder}; ${folder}/report.html shows it. Ask the model something yourself:`);
  console.log(`  npm run -s counterweight -- generate --recipe support --model ${trained} \\`);
  console.log(`    --row '{"message": "The machine kept my card"}'`);
}

/** Compiles our own engine where nothing has before; without it WebAssembly, which comes with the repository, computes. */
async function buildEngine(): Promise<void> {
  const wanted = process.env.COUNTERWEIGHT_ENGINE ?? 'auto';
  if ((wanted !== 'auto' && wanted !== 'native') || !('reason' in findEnginePackage('addon'))) return;
  printStep('Compiling the engine for this machine');
  const program = at('scripts/build-engine/main.ts');
  const { code, output } = await new Promise<{ code: number | null; output: string }>((resolve) => {
    const child = spawn(process.execPath, ['--no-warnings', program, '--quick'], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
    child.on('close', (code) => resolve({ code, output }));
  });
  if (code !== 0)
    printStep(`It can't be compiled here, so WebAssembly computes: slower, with the same results.\n${output}`);
}

function showProgress(event: TrainingEvent): void {
  if (event.type === 'evaluation-progress') progressLine('evaluating')(event.done, event.of);
  if (event.type !== 'step') return;
  const { step, completionLoss, tokensPerSecond } = event.metrics;
  const speed = Math.round(tokensPerSecond).toLocaleString('en');
  progressLine(`training, loss on the answers ${decimals(completionLoss)}, ${speed} tokens/s`)(step, event.steps);
}

async function showAnswers(model: string, trained: { model: string; adapter?: string }): Promise<void> {
  const messages = [
    'I still have not received my new card',
    'The cash machine swallowed my card',
    'Somebody stole my phone!',
  ];
  const rows = messages.map((message) => ({ message }));
  const [before, after] = [await generate({ recipe, model, rows }), await generate({ recipe, ...trained, rows })];
  const short = (text = '') => (text.length > 24 ? `${text.slice(0, 23)}…` : text).replaceAll('\n', ' ');
  printTable(
    ['a customer writes', 'before', 'after'],
    messages.map((message, i) => [message, short(before[i]), short(after[i])]),
  );
}

/** The first of `path`, `path-2`, `path-3` … that is not there yet. */
function freeFolder(path: string): string {
  for (let number = 1; ; number++) {
    const folder = number === 1 ? path : `${path}-${number}`;
    if (!existsSync(folder)) return folder;
  }
}

/** With the standard error over the messages. */
function named({ metrics: { exactMatch = 0 }, standardErrors }: Evaluation): string {
  const error = standardErrors?.exactMatch;
  return `${percent(exactMatch)}${error === undefined ? '' : ` ± ${(100 * error).toFixed(1)}`} %`;
}
const percent = (value: number) => (100 * value).toFixed(1);
const decimals = (value: number | null | undefined) => (value === null || value === undefined ? '–' : value.toFixed(3));

await main();
