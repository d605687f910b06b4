import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Evaluation, fineTune, generate, openEngine, type TrainingEvent } from '@counterweight/core';
import { support } from '@counterweight/recipe-support';
import { findEnginePackage } from '../packages/core/src/engine/native/find-package.ts';
import { build } from './build.ts';
import { printStep, printTable, progressLine } from './terminal.ts';

/**
 * From a clone to a fine-tuned model: a real pretrained model learns to name what bank customers write about.
 * What a program of yours would do is `fineTune` and `generate`; the rest is installation and prints.
 */

const at = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const model = at('models/stories260k');
const data = at('packages/recipe-support/fixtures/banking77-train.csv');
const evalData = at('packages/recipe-support/fixtures/banking77-eval.csv');
const recipe = support();

async function main(): Promise<void> {
  await Promise.all([build(), buildEngine()]);
  const engine = await openEngine();
  printStep(`Engine: ${engine.description}`);

  // WebAssembly is slower: half the training, the same road.
  const epochs = engine.name === 'wasm' ? 2 : 4;
  printStep(`Fine-tuning every weight on 4,000 customer messages, ${epochs} times over; measured before and after`);
  const evaluations: Evaluation[] = [];
  const { run } = await fineTune({
    recipe,
    model,
    data,
    evalData,
    output: freeFolder('runs/quickstart'),
    training: { method: 'full', learningRate: 3e-3, batchSize: 16, epochs, evaluateAtStart: true },
    onEvent: (event) => {
      if (event.type === 'evaluation') evaluations.push(event.evaluation);
      showProgress(event);
    },
  });

  const [before, after] = evaluations as [Evaluation, Evaluation];
  printTable(
    ['on 500 messages it has not seen', 'before', 'after'],
    [
      ['problem named exactly', percent(before.metrics.exactMatch), percent(after.metrics.exactMatch)],
      ['macro F1 over the problems', decimals(before.metrics.macroF1), decimals(after.metrics.macroF1)],
      ['loss on the answers, nats a token', decimals(before.completionLoss), decimals(after.completionLoss)],
      ['loss on the messages, nats a token', decimals(before.promptLoss), decimals(after.promptLoss)],
    ],
  );
  await showAnswers(`${run}/model`);
  const folder = relative(process.cwd(), run);
  console.log(`\nThe run is in ${folder}; ${folder}/report.html shows it. Ask the model something yourself:`);
  console.log(`  npm run -s counterweight -- generate --recipe support --model ${folder}/model \\`);
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

async function showAnswers(trained: string): Promise<void> {
  const messages = [
    'I still have not received my new card',
    'The cash machine swallowed my card',
    'Somebody stole my phone!',
  ];
  const rows = messages.map((message) => ({ message }));
  const [before, after] = [await generate({ recipe, model, rows }), await generate({ recipe, model: trained, rows })];
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

const percent = (value: number | undefined) => `${((value ?? 0) * 100).toFixed(1)} %`;
const decimals = (value: number | null | undefined) => (value === null || value === undefined ? '–' : value.toFixed(3));

await main();
