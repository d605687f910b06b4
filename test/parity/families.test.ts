import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeBatch } from '../../packages/core/src/batches/batch.ts';
import { normalizeStep } from '../../packages/core/src/batches/normalize-weights.ts';
import { loadModel } from '../../packages/core/src/checkpoint/pretrained/load-model.ts';
import { saveModel } from '../../packages/core/src/checkpoint/pretrained/save-model.ts';
import { openSafetensors } from '../../packages/core/src/checkpoint/safetensors/safetensors.ts';
import { openEngine } from '../../packages/core/src/engine/open-engine.ts';
import { exportModel } from '../../packages/core/src/export-model.ts';
import { generateIds } from '../../packages/core/src/generation/generate-ids.ts';
import { createParameterStore } from '../../packages/core/src/model/parameters/parameter-store.ts';
import { enginesToTest, skipWithoutBfloat16 } from '../../packages/core/src/test-support/engines.ts';
import { logitsOf } from '../../packages/core/src/test-support/logits.ts';
import { accumulateGradient } from '../../packages/core/src/training/step.ts';
import { type FixtureExample, openDecoder, weighed } from './fixtures.ts';
import { expectGradients, floatsOf, type GradientSummary, largestError } from './measured.ts';
import { storedGradients } from './stored-gradients.ts';

/** What transformers makes of a tiny model of each family: test/reference/families.py. */
interface Expected {
  readonly promptWeight: number;
  readonly examples: FixtureExample[];
  readonly logits: { readonly ids: number[]; readonly data: string };
  readonly gradient: {
    readonly loss: number;
    readonly gradientNorm: number;
    readonly parameters: Record<string, GradientSummary>;
  };
  readonly generation: { readonly promptIds: number[]; readonly newIds: number[]; readonly stopped: boolean };
}

const EOS = 2;
const FOLDER = new URL('../reference/fixtures/families/', import.meta.url).pathname;
const families = readdirSync(FOLDER);
const KINDS = { LoRA: 'adapter', DoRA: 'dora' };
const withAdapter = families.filter((name) => existsSync(join(FOLDER, name, KINDS.LoRA)));
const expectedOf = (folder: string): Expected => JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'));

const adapted = withAdapter.flatMap((name) =>
  Object.entries(KINDS).map(([kind, folder]) => ({
    name: `${name} with ${kind}`,
    model: join(FOLDER, name),
    adapter: join(FOLDER, name, folder),
  })),
);
const cases = [...families.map((name) => ({ name, model: join(FOLDER, name), adapter: undefined })), ...adapted];

describe.each(await enginesToTest())('transformers and we agree on %s', (engine) => {
  it.each(cases)('on the logits of $name', async ({ model, adapter }) => {
    await openEngine(engine);
    const { logits } = expectedOf(adapter ?? model);
    const decoder = await openDecoder(model, adapter, 'frozen');
    expect(largestError(await logitsOf(decoder, logits.ids), floatsOf(logits.data))).toBeLessThan(1e-4);
    decoder.parameters.dispose();
  });

  it.each(adapted)('on the logits of $name, merged', async ({ model, adapter }) => {
    await openEngine(engine);
    const { logits } = expectedOf(adapter);
    const output = join(mkdtempSync(join(tmpdir(), 'families-')), 'merged');
    await exportModel({ model, adapter, to: 'merged', type: 'f32', output });
    const decoder = await openDecoder(output, undefined, 'frozen');
    expect(largestError(await logitsOf(decoder, logits.ids), floatsOf(logits.data))).toBeLessThan(1e-4);
    decoder.parameters.dispose();
  });

  it.each(cases)('on every gradient of $name', async ({ model, adapter }) => {
    await openEngine(engine);
    const { examples, promptWeight, gradient } = expectedOf(adapter ?? model);
    const decoder = await openDecoder(model, adapter);
    const batch = makeBatch(examples.map((example) => weighed(example, promptWeight)));
    const { batches } = normalizeStep([batch], { lossNormalization: 'weight-sum' });
    const { weighted } = await accumulateGradient(decoder, batches[0] as (typeof batches)[0]);
    expect(Math.abs(weighted / gradient.loss - 1)).toBeLessThan(1e-5);
    expectGradients(await storedGradients(decoder), gradient.parameters);
    decoder.parameters.dispose();
  });

  it.each(families)('on what %s greedily says, with a cache and without', async (name) => {
    await openEngine(engine);
    const { promptIds, newIds, stopped } = expectedOf(join(FOLDER, name)).generation;
    const decoder = await openDecoder(join(FOLDER, name), undefined, 'frozen');
    const expected = stopped ? newIds.slice(0, -1) : newIds;
    const prompts = [[1], promptIds, [...promptIds, ...newIds.slice(0, 3)]];
    const [, actual] = await generateIds(decoder, prompts, { eosId: EOS, maxNewTokens: newIds.length });
    expect(actual).toEqual(expected);
    const logits = await logitsOf(decoder, [...promptIds, ...newIds]);
    const best = newIds.map((_, i) => {
      const row = promptIds.length - 1 + i;
      const own = logits.subarray(row * decoder.config.vocabularySize, (row + 1) * decoder.config.vocabularySize);
      return own.indexOf(Math.max(...own));
    });
    expect(best).toEqual(newIds);
    decoder.parameters.dispose();
  });

  it.for(cases)('in bf16, nearly, on the loss of $name', async ({ model, adapter }, context) => {
    await openEngine(engine);
    skipWithoutBfloat16(context);
    const { examples, promptWeight, gradient } = expectedOf(adapter ?? model);
    const decoder = await openDecoder(model, adapter, 'trainable', 'bf16');
    const batch = makeBatch(examples.map((example) => weighed(example, promptWeight)));
    const { batches } = normalizeStep([batch], { lossNormalization: 'weight-sum' });
    const { weighted } = await accumulateGradient(decoder, batches[0] as (typeof batches)[0]);
    expect(Math.abs(weighted / gradient.loss - 1)).toBeLessThan(0.02);
    for (const [name, values] of await storedGradients(decoder)) {
      const { norm } = gradient.parameters[name] as GradientSummary;
      expect(Math.abs(Math.hypot(...values) - norm), name).toBeLessThan(0.1 * norm + 0.01 * gradient.gradientNorm);
    }
    decoder.parameters.dispose();
  });
});

describe('a checkpoint', () => {
  it.each(families)('of %s comes out as it went in, tensor by tensor', async (name) => {
    await openEngine('wasm');
    const source = join(FOLDER, name);
    const { config, base, tensors } = await loadModel(source);
    const folder = mkdtempSync(join(tmpdir(), 'families-'));
    await saveModel(folder, { parameters: createParameterStore(tensors, base), config, base, sourceFolder: source });
    const [before, after] = await Promise.all(
      [source, folder].map((path) => openSafetensors(join(path, 'model.safetensors'))),
    );
    const names = [...(before?.tensors.keys() ?? [])].sort();
    expect([...(after?.tensors.keys() ?? [])].sort()).toEqual(names);
    for (const tensor of names) {
      expect(after?.tensors.get(tensor)?.shape, tensor).toEqual(before?.tensors.get(tensor)?.shape);
      expect(await after?.read(tensor), tensor).toEqual(await before?.read(tensor));
    }
    await Promise.all([before?.close(), after?.close()]);
  });
});
