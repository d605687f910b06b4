import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { addStoredAdapter } from '../../packages/core/src/checkpoint/adapter/adapt-model.ts';
import { loadModel } from '../../packages/core/src/checkpoint/pretrained/load-model.ts';
import { openEngine } from '../../packages/core/src/engine/open-engine.ts';
import { exportModel } from '../../packages/core/src/export-model.ts';
import { temporaryFolder } from '../../packages/core/src/test-support/folder.ts';
import { distance, logitsOfStored } from '../../packages/core/src/test-support/logits.ts';
import { randomAdapter } from '../../packages/core/src/test-support/random-adapter.ts';
import { modelFolder } from '../parity/fixtures.ts';
import { runPython } from './tools.ts';

const path = temporaryFolder();
const ids = [1, 40, 7, 133, 250, 9, 77, 201, 54, 3, 18, 90];

/** The same adapters in our words and in PEFT's. */
const variants = {
  LoRA: { ours: {}, peft: {} },
  'some layers': { ours: { targets: ['q_proj', 'down_proj'] }, peft: { target_modules: ['q_proj', 'down_proj'] } },
  rsLoRA: { ours: { rsLora: true, rank: 4 }, peft: { use_rslora: true } },
  DoRA: { ours: { dora: true }, peft: { use_dora: true } },
  'modules trained whole': {
    ours: { modulesToSave: ['embed_tokens', 'lm_head'] },
    peft: { modules_to_save: ['embed_tokens', 'lm_head'] },
  },
  'ranks and alphas of their own': {
    ours: undefined,
    peft: { rank_pattern: { 'layers.0.*q_proj': 2 }, alpha_pattern: { down_proj: 5 } },
  },
  'excluded layers': { ours: undefined, peft: { exclude_modules: ['down_proj'] } },
  'layers excluded by an expression': { ours: undefined, peft: { exclude_modules: '.*\\.(0|2)\\..*' } },
  'some layers by their numbers': {
    ours: undefined,
    peft: { target_modules: ['q_proj', 'up_proj'], layers_to_transform: [1, 3], layers_pattern: 'layers' },
  },
};

const models = ['stories260k', 'tiny-bf16'];
const cases = models.flatMap((model) =>
  Object.entries(variants).map(([variant, { ours, peft }]) => {
    const place = (name: string) => path(`${model}-${variant.replaceAll(' ', '-')}-${name}`);
    return { model, folder: modelFolder(model), variant, ours, peft, place };
  }),
);

const floats = async (file: string) => new Float32Array((await readFile(file)).buffer.slice(0));
const withAdapter = async (model: string, adapter: string) =>
  logitsOfStored(await addStoredAdapter(await loadModel(model), adapter), ids);

beforeAll(async () => {
  await openEngine('auto');
  const jobs: object[] = [];
  for (const { folder, ours, peft, place } of cases) {
    const config = { r: 3, lora_alpha: 6, target_modules: 'all-linear', init_lora_weights: true, ...peft };
    jobs.push({ make: place('peft'), model: folder, config });
    jobs.push({ logits: place('peft.f32'), model: folder, adapter: place('peft'), ids });
    if (!ours) continue;
    const adapted = await randomAdapter(folder, place('ours'), ours);
    for (const tensor of adapted.tensors.values()) tensor.dispose();
    jobs.push({ logits: place('ours.f32'), model: folder, adapter: place('ours'), ids });
    await exportModel({ model: folder, adapter: place('ours'), to: 'merged', type: 'f32', output: place('merged') });
    jobs.push({ logits: place('merged.f32'), model: place('merged'), adapter: null, ids });
  }
  await runPython('peft_side.py', jobs, path('jobs.json'));
});

describe.each(cases)('$model, $variant', ({ folder, place }) => {
  it("PEFT's adapter computes the same here", async () => {
    expect(distance(await withAdapter(folder, place('peft')), await floats(place('peft.f32')))).toBeLessThan(1e-4);
  });
});

describe.each(cases.filter(({ ours }) => ours))('$model, $variant', ({ folder, place }) => {
  it('ours computes the same in PEFT', async () => {
    expect(distance(await withAdapter(folder, place('ours')), await floats(place('ours.f32')))).toBeLessThan(1e-4);
  });

  it('merged, it computes the same in transformers', async () => {
    expect(distance(await withAdapter(folder, place('ours')), await floats(place('merged.f32')))).toBeLessThan(1e-4);
  });
});
