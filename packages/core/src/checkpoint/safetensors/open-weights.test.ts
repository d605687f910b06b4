import { readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openEngine } from '../../engine/open-engine.ts';
import { temporaryFolder } from '../../test-support/folder.ts';
import { tinyWeights, writeTinyModel } from '../../test-support/tiny-model.ts';
import { writeSafetensors } from '../../test-support/write-safetensors.ts';
import { loadModel } from '../pretrained/load-model.ts';
import { safetensorsFiles } from './open-weights.ts';

const path = temporaryFolder();
let folders = 0;

const FIRST = 'model-00001-of-00002.safetensors';
const SECOND = 'model-00002-of-00002.safetensors';
const INDEX = 'model.safetensors.index.json';
const NORM = 'model.norm.weight';

beforeAll(async () => {
  await openEngine('wasm');
});

/** A tiny model in two shards; `inBoth` names tensors that the first shard holds too. */
async function sharded({ inBoth = [] }: { inBoth?: string[] } = {}): Promise<string> {
  const folder = await writeTinyModel(path(String(folders++)));
  const entries = [...tinyWeights()];
  const half = Math.floor(entries.length / 2);
  const first = entries.filter(([name], i) => i < half || inBoth.includes(name));
  await writeSafetensors(join(folder, FIRST), new Map(first));
  await writeSafetensors(join(folder, SECOND), new Map(entries.slice(half)));
  const weight_map = Object.fromEntries(entries.map(([name], i) => [name, i < half ? FIRST : SECOND]));
  await writeFile(join(folder, INDEX), JSON.stringify({ metadata: {}, weight_map }));
  await rm(join(folder, 'model.safetensors'));
  return folder;
}

const invalid = (where: string, ...said: string[]) => ({
  code: 'model-invalid',
  where,
  message: expect.stringMatching(new RegExp(said.map((text) => text.replaceAll('.', '\\.')).join('.*'))) as string,
});

describe('a model in shards', () => {
  it('is read to the same bits as one in a single file', async () => {
    const whole = await loadModel(await writeTinyModel(path(String(folders++))));
    const folder = await sharded();
    const parts = await loadModel(folder);
    for (const [name, tensor] of whole.tensors) expect(parts.tensors.get(name)?.dataSync()).toEqual(tensor.dataSync());
    expect(await safetensorsFiles(folder)).toEqual([INDEX, FIRST, SECOND].map((name) => join(folder, name)));
    tf.dispose([...whole.tensors.values(), ...parts.tensors.values()]);
  });

  it('is refused without one of its shards, which is named', async () => {
    const folder = await sharded();
    await rm(join(folder, SECOND));
    await expect(loadModel(folder)).rejects.toMatchObject(invalid(join(folder, INDEX), SECOND, 'not in the folder'));
  });

  it('is refused without its index', async () => {
    const folder = await sharded();
    await rm(join(folder, INDEX));
    await expect(loadModel(folder)).rejects.toMatchObject(invalid(folder, FIRST, INDEX));
  });

  it('is refused when a tensor is in two of them', async () => {
    const folder = await sharded({ inBoth: [NORM] });
    const said = [`"${NORM}" is in two shards`, FIRST, SECOND];
    await expect(loadModel(folder)).rejects.toMatchObject(invalid(join(folder, INDEX), ...said));
  });

  it('is refused when the index says another shard than the one that holds a tensor', async () => {
    const folder = await sharded();
    const index = JSON.parse(await readFile(join(folder, INDEX), 'utf8')) as { weight_map: Record<string, string> };
    index.weight_map[NORM] = FIRST;
    await writeFile(join(folder, INDEX), JSON.stringify(index));
    const said = ['does not fit', `"${NORM}" is not in ${FIRST}`];
    await expect(loadModel(folder)).rejects.toMatchObject(invalid(join(folder, INDEX), ...said));
  });

  it.each([
    '{',
    '{}',
    '{"weight_map": {"x": "../../secret.safetensors"}}',
    '{"weight_map": {"x": "pytorch_model.bin"}}',
  ])('is refused when its index is %s', async (text) => {
    const folder = await sharded();
    await writeFile(join(folder, INDEX), text);
    await expect(loadModel(folder)).rejects.toMatchObject(invalid(join(folder, INDEX), 'not an index'));
  });

  it('is refused when a shard is cut short', async () => {
    const folder = await sharded();
    const { length } = await readFile(join(folder, SECOND));
    await truncate(join(folder, SECOND), length - 1);
    await expect(loadModel(folder)).rejects.toMatchObject(invalid(join(folder, SECOND), 'beyond the end'));
  });
});
