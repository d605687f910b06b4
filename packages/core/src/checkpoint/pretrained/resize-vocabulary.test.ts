import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openEngine } from '../../engine/open-engine.ts';
import { UserError } from '../../errors.ts';
import { decoderConfig } from '../../model/families/index.ts';
import { temporaryFolder } from '../../test-support/folder.ts';
import { inF32 } from '../../test-support/in-f32.ts';
import { tinyConfigJson, tinyWeights, writeTinyModel } from '../../test-support/tiny-model.ts';
import { addStoredAdapter } from '../adapter/adapt-model.ts';
import { openTrainableModel } from '../open-trainable-model.ts';
import { loadModel, type PretrainedModel } from './load-model.ts';
import { resizeVocabulary } from './resize-vocabulary.ts';

const path = temporaryFolder();
const table = 'model.embed_tokens.weight';
const head = 'lm_head.weight';
const untied = { tie_word_embeddings: false };

beforeAll(async () => void (await openEngine('wasm')));

const tiny = async (json: object = {}): Promise<string> => {
  const config = decoderConfig({ ...tinyConfigJson, ...json }, 'config.json');
  return writeTinyModel(path(JSON.stringify(json)), { json, weights: tinyWeights(config) });
};
const rowsOf = ({ tensors }: PretrainedModel, name: string) => (tensors.get(name) as tf.Tensor2D).arraySync();
const meanOf = (rows: number[][]) =>
  rows[0]?.map((_, i) => rows.reduce((sum, row) => sum + (row[i] as number), 0) / rows.length);
const free = ({ tensors }: PretrainedModel) => tf.dispose([...tensors.values()]);

function expectRow(actual: readonly number[] | undefined, expected: readonly number[] | undefined): void {
  for (const [i, value] of (expected ?? []).entries()) expect(actual?.[i]).toBeCloseTo(value, 6);
}

describe('a vocabulary of 37 tokens', () => {
  it.each([{}, untied])('grows by rows that begin at the mean of the others: %o', async (json) => {
    const folder = await tiny(json);
    const [before, model] = [await loadModel(folder), await loadModel(folder)];
    const grown = resizeVocabulary(model, { known: 37, size: 39 });
    expect(grown.config.vocabularySize).toBe(39);
    for (const name of grown.config.tiedEmbeddings ? [table] : [table, head]) {
      const [old, rows] = [rowsOf(before, name), rowsOf(grown, name)];
      expect(rows.slice(0, 37)).toEqual(old);
      expect(rows).toHaveLength(39);
      expectRow(rows[37], meanOf(old));
      expectRow(rows[38], meanOf(old));
      expect(grown.base.find((parameter) => parameter.name === name)?.shape).toEqual([39, 16]);
    }
    free(before);
    free(grown);
  });

  it('keeps its size where there are rows that no token used', async () => {
    const folder = await tiny();
    const [before, model] = [await loadModel(folder), await loadModel(folder)];
    const grown = resizeVocabulary(model, { known: 30, size: 32 });
    const [old, rows] = [rowsOf(before, table), rowsOf(grown, table)];
    expect(rows).toHaveLength(37);
    expect([...rows.slice(0, 30), ...rows.slice(32)]).toEqual([...old.slice(0, 30), ...old.slice(32)]);
    expectRow(rows[31], meanOf(old.slice(0, 30)));
    free(before);
    free(grown);
  });

  it('shrinks to the rows that an adapter brings', async () => {
    const model = await loadModel(await tiny());
    const old = rowsOf(model, table);
    const smaller = resizeVocabulary(model, { known: 35, size: 35 }, 35);
    expect(rowsOf(smaller, table)).toEqual(old.slice(0, 35));
    free(smaller);
  });

  it.each([
    { ...untied, method: 'lora', trained: [table, head] },
    { method: 'lora', trained: [table] },
    { method: 'full', trained: [table] },
  ] as const)(
    'with new tokens is trained whole, and comes back with an adapter: %o',
    async ({ method, trained, ...json }) => {
      const folder = await tiny(json);
      const training = inF32({ method, loraRank: 2, modulesToSave: ['norm'] });
      const trainable = await openTrainableModel(folder, training, { vocabulary: { known: 37, size: 39 } });
      const { parameters, config } = trainable.decoder;
      const names = parameters.trainable.map(({ name }) => name);
      for (const name of trained) expect(names).toContain(name);
      expect(config.vocabularySize).toBe(39);
      const [adapter, model] = [path('adapter'), path('model')];
      await trainable.save({ adapter, model });
      const again =
        method === 'lora' ? await addStoredAdapter(await loadModel(folder), adapter) : await loadModel(model);
      expect(again.config.vocabularySize).toBe(39);
      for (const name of trained) expect(rowsOf(again, name)).toEqual(parameters.get(name).arraySync());
      free(again);
      parameters.dispose();
    },
  );

  it('leaves an adapter for another number of tokens to say so', async () => {
    const folder = await tiny();
    const training = inF32({ modulesToSave: ['nothing'] });
    await expect(openTrainableModel(folder, training, { vocabulary: { known: 37, size: 38 } })).rejects.toThrow(
      UserError,
    );
  });
});
