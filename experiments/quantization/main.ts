/**
 * What quantising costs: the error of the format on the tiny and on a real model, and the held-out loss of SmolLM2-135M-Instruct
 * after 200 steps of LoRA on a base in f32, int8 and int4. `node experiments/quantization/main.ts [FOLDER]` writes results.json
 * beside it. Both are in docs/quantized-base.md.
 *
 * The model is dequantised first and written in f32: as its GGUF file has it, in blocks of Q4_1, keeping it would cost nothing.
 */
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadModel } from '../../packages/core/src/checkpoint/pretrained/load-model.ts';
import { openEngine } from '../../packages/core/src/engine/open-engine.ts';
import { exportModel } from '../../packages/core/src/export-model.ts';
import { fineTune } from '../../packages/core/src/fine-tune.ts';
import { matrixOf } from '../../packages/core/src/model/parameters/matrix.ts';
import { support } from '../../packages/recipe-support/src/index.ts';
import { bringSmolLm2 } from '../../scripts/smollm2.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const results = fileURLToPath(new URL('results.json', import.meta.url));
const KINDS = ['none', 'int8', 'int4'] as const;
const SEEDS = [1, 2];

/** √(Σ (ŵ − w)² / Σ w²) over all quantised matrices. */
async function errorOf(model: string, quantize: 'int8' | 'int4'): Promise<number> {
  const quantization = { quantize, quantizeEmbeddings: true, vocabulary: undefined };
  const [exact, rounded] = [await loadModel(model), await loadModel(model, 'f32', { quantization })];
  let [errors, squares] = [0, 0];
  for (const { name, shape } of exact.base) {
    const [a, b] = [exact.tensors.get(name), rounded.tensors.get(name)];
    if (!a || !b || shape.length !== 2) continue;
    const [rows = 0, columns = 0] = shape;
    const [left, right] = [a, b].map((tensor) => matrixOf(tensor).slice([0, 0], [rows, columns]).dataSync<'float32'>());
    for (let i = 0; i < (left?.length ?? 0); i++) {
      const value = left?.[i] as number;
      errors += ((right?.[i] as number) - value) ** 2;
      squares += value ** 2;
    }
  }
  for (const { tensors } of [exact, rounded]) for (const tensor of tensors.values()) tensor.dispose();
  return Math.sqrt(errors / squares);
}

const folder = process.argv[2] ?? mkdtempSync(join(tmpdir(), 'quantization-'));
const engine = await openEngine();
const stories = join(root, 'models/stories260k');
const smollm2 = join(folder, 'smollm2');
if (!existsSync(smollm2)) await exportModel({ model: bringSmolLm2(), to: 'merged', type: 'f32', output: smollm2 });

const errors: Record<string, Record<string, number>> = {};
for (const [name, model] of Object.entries({ stories260k: stories, 'SmolLM2-135M': smollm2 })) {
  errors[name] = { int8: await errorOf(model, 'int8'), int4: await errorOf(model, 'int4') };
  console.log(name, errors[name]);
}

/** Held-out losses on the answers, a seed each. */
const losses: Record<(typeof KINDS)[number], number[]> = { none: [], int8: [], int4: [] };
for (const seed of SEEDS) {
  for (const quantize of KINDS) {
    const output = join(folder, `run-${quantize}-${seed}`);
    const { evaluation } = await fineTune({
      recipe: support(),
      model: smollm2,
      data: join(root, 'bench/data/banking77-more.csv'),
      evalSplit: 0.25,
      output,
      // What is done stays done, in a folder that is named.
      resume: existsSync(output),
      training: { quantize, maxSteps: 200, batchSize: 8, evaluateLossesOnly: true, maxRows: 1600, cache: false, seed },
    });
    losses[quantize].push(evaluation?.completionLoss ?? Number.NaN);
    console.log(`seed ${seed}, ${quantize}: ${losses[quantize].at(-1)}`);
  }
}
const { version } = JSON.parse(readFileSync(join(root, 'packages/core/package.json'), 'utf8')) as { version: string };
writeFileSync(results, `${JSON.stringify({ version, engine: engine.description, errors, losses }, null, 2)}\n`);
