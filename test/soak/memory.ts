/**
 * `pnpm soak:memory [STEPS] [ENGINE…]`: trains a tiny model for 10,000 steps on `native` and on `wasm`, each in a process of
 * its own, with evaluations that generate and with checkpoints, and looks twenty times at what is held: tensors, blocks and
 * bytes of the engine's memory, its pool, and the process. Exits with 1 where a tensor or a block is left behind, or
 * where the process goes on growing.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type EngineName, fineTune } from '@counterweight/core';
import { plain } from '@counterweight/core/recipe';
import * as tf from '@tensorflow/tfjs-core';
import type { NativeBackend } from '../../packages/core/src/engine/native/backend.ts';

interface Held {
  readonly step: number;
  readonly tensors: number;
  readonly blocks: number;
  readonly used: number;
  readonly pooled: number;
  readonly heap: number;
  readonly resident: number;
}

const LOOKS = 20;

function look(step: number): Held {
  const { blocks, used, pooled } = (tf.backend() as unknown as NativeBackend).door.memory();
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  return { step, tensors: tf.memory().numTensors, blocks, used, pooled, heap: heapUsed, resident: rss };
}

const header = ['step', 'tensors', 'blocks', 'used MB', 'pool MB', 'heap MB', 'process MB'];
const inMegabytes = (bytes: number) => (bytes / 1e6).toFixed(2);
const inWords = ({ step, tensors, blocks, ...bytes }: Held) =>
  [step, tensors, blocks, ...[bytes.used, bytes.pooled, bytes.heap, bytes.resident].map(inMegabytes)]
    .map((cell) => String(cell).padStart(10))
    .join(' ');

async function soak(engine: EngineName, steps: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'counterweight-soak-'));
  const rows = Array.from({ length: 40 }, (_, i) => ({ prompt: `There were ${i} cats`, completion: ` and ${i} dogs` }));
  writeFileSync(join(folder, 'rows.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const every = Math.floor(steps / LOOKS);
  const looks: Held[] = [];
  console.log(`${engine}, ${steps} steps\n${header.map((cell) => cell.padStart(10)).join(' ')}`);
  await fineTune({
    recipe: plain(),
    model: fileURLToPath(new URL('../../models/stories260k', import.meta.url)),
    data: join(folder, 'rows.jsonl'),
    evalSplit: 0.2,
    engine,
    output: join(folder, 'run'),
    training: {
      ...{ method: 'full', batchSize: 4, maxSteps: steps, maxLength: 64, learningRate: 1e-4, cache: false },
      ...{ evaluateEvery: every, checkpointEvery: every, maxEvalRows: 2 },
    },
    onEvent(event) {
      // A step before an evaluation, so that steps are compared with steps.
      if (event.type !== 'step' || (event.metrics.step + 1) % every !== 0) return;
      const held = look(event.metrics.step);
      looks.push(held);
      console.log(inWords(held));
    },
  });
  rmSync(folder, { recursive: true });
  judge(looks);
}

/** The second look is what the others are held against: all that is made once is there by then. */
function judge(looks: readonly Held[]): void {
  const [, settled] = looks as [Held, Held];
  const last = looks.at(-1) as Held;
  const left = last.tensors - settled.tensors;
  const blocks = last.blocks - settled.blocks;
  const grown = last.resident / settled.resident - 1;
  const words = `${left} tensors and ${blocks} blocks left behind, process grown by ${(100 * grown).toFixed(1)} %`;
  console.log(`${words} since step ${settled.step}\n`);
  // Batches differ in length, so a step's tensors are a few bytes more or less; never a tensor.
  if (left !== 0 || blocks !== 0 || grown > 0.1) process.exitCode = 1;
}

const [steps = '10000', ...engines] = process.argv.slice(2);
if (process.env.SOAKED) await soak(process.env.SOAKED as EngineName, Number(steps));
else {
  for (const engine of engines.length > 0 ? engines : ['native', 'wasm']) {
    const env = { ...process.env, SOAKED: engine };
    const { status } = spawnSync(process.execPath, ['--expose-gc', ...process.argv.slice(1, 2), steps], {
      stdio: 'inherit',
      env,
    });
    if (status !== 0) process.exitCode = 1;
  }
}
