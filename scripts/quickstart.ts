import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { evaluate, fineTune, generate, installEngine, openEngine, UserError } from '@counterweight/core';
import { support } from '@counterweight/recipe-support';
import { build } from './build.ts';
import { printStep, printTable, progressLine } from './terminal.ts';

/**
 * From a clone to a fine-tuned model: a real pretrained model learns to name what bank customers write about.
 * What follows is what a program of yours would do, with the prints around it.
 */

const at = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const model = at('models/stories260k');
const data = at('packages/recipe-support/fixtures/banking77-train.csv');
const evalData = at('packages/recipe-support/fixtures/banking77-eval.csv');

const recipe = support();

async function main(): Promise<void> {
  await Promise.all([build(), installNativeEngine()]);
  const engine = await openEngine();
  printStep(`Engine: ${engine.description}`);

  // WebAssembly computes on one core without TensorFlow's kernels: less training, same road.
  const epochs = engine.name === 'wasm' ? 2 : 5;
  const training = { method: 'full', learningRate: 3e-3, batchSize: 32, epochs } as const;
  const output = freeFolder('runs/quickstart');

  printStep('Before: the model as it was pretrained, on children’s stories');
  const before = await evaluate({ recipe, model, data: evalData, onProgress: progressLine('evaluating') });

  printStep(`Fine-tuning every weight on 4,000 customer messages, ${epochs} times over`);
  const { run, evaluation: after } = await fineTune({
    recipe,
    model,
    data,
    evalData,
    output,
    training,
    onEvent: (event) => {
      if (event.type === 'step') showStep(event);
      if (event.type === 'evaluation-progress') progressLine('evaluating')(event.done, event.of);
    },
  });
  if (!after) throw new Error('fineTune was given rows to evaluate on and returned no evaluation');

  printTable(
    ['on 500 messages it has not seen', 'before', 'after'],
    [
      ['problem named exactly', percent(before.metrics.exactMatch), percent(after.metrics.exactMatch)],
      ['macro F1 over 77 problems', decimals(before.metrics.macroF1), decimals(after.metrics.macroF1)],
      ['loss on the answers, nats a token', decimals(before.completionLoss), decimals(after.completionLoss)],
      ['loss on the messages, nats a token', decimals(before.promptLoss), decimals(after.promptLoss)],
    ],
  );
  await showAnswers(`${run}/model`);
  const folder = relative(process.cwd(), run);
  console.log(`\nThe run: ${folder}   (look at ${folder}/report.html)`);
  console.log('Next, for example:');
  console.log(`  npm run counterweight -- generate --recipe support --model ${folder}/model \\`);
  console.log(`      --row '{"message":"The machine kept my card"}'`);
}

async function installNativeEngine(): Promise<void> {
  const wanted = process.env.COUNTERWEIGHT_ENGINE ?? 'auto';
  if (wanted !== 'auto' && wanted !== 'tfjs-node') return;
  try {
    await installEngine({ onProgress: (line) => printStep(line) });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    printStep(`No native engine here, so WebAssembly computes: slower, the same results.\n${error.message}`);
  }
}

async function showAnswers(trained: string): Promise<void> {
  const rows = ['I still have not received my new card', 'Why was I charged extra for paying abroad?', 'Somebody stole my phone!'].map(
    (message) => ({ message }),
  );
  const answers = await generate({ recipe, model: trained, rows });
  printTable(['a customer writes', 'the model says'], rows.map(({ message }, i) => [message, answers[i] ?? '']));
}

function showStep({ steps, metrics }: { steps: number; metrics: { step: number; completionLoss: number | null; tokensPerSecond: number } }): void {
  const loss = decimals(metrics.completionLoss);
  const speed = Math.round(metrics.tokensPerSecond).toLocaleString('en');
  progressLine(`training, loss on the answers ${loss}, ${speed} tokens/s`)(metrics.step, steps);
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
