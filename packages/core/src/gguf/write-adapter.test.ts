import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openEngine } from '../engine/open-engine.ts';
import { exportModel } from '../export-model.ts';
import { temporaryFolder } from '../test-support/folder.ts';
import { type GgufFiles, openGgufFiles } from './format/open-files.ts';
import { readTensor } from './read-tensor.ts';

const path = temporaryFolder();
const FAMILIES = new URL('../../../../test/reference/fixtures/families/', import.meta.url).pathname;
const TOKENIZER = new URL('../../../../models/stories260k/', import.meta.url).pathname;

beforeAll(async () => {
  await openEngine('wasm');
});

async function folderOf(family: string): Promise<string> {
  const folder = path(family);
  await cp(join(FAMILIES, family), folder, { recursive: true });
  for (const file of ['tokenizer.json', 'tokenizer_config.json']) await cp(join(TOKENIZER, file), join(folder, file));
  return folder;
}

async function valuesOf(gguf: GgufFiles, name: string): Promise<{ shape: readonly number[]; values: Float32Array }> {
  const info = gguf.tensors.get(name);
  if (!info) throw new Error(`no ${name}`);
  const values = new Float32Array(info.shape.reduce((product, size) => product * size, 1));
  await readTensor(gguf, info, { place: values });
  return { shape: info.shape, values };
}

describe('an adapter as a GGUF file', () => {
  it.each(['gpt2', 'gpt_neox', 'phi3'])('adds to the base what the merged model has more: %s', async (family) => {
    const model = await folderOf(family);
    const adapter = join(model, 'adapter');
    const { output } = await exportModel({ model, adapter, to: 'gguf-adapter', output: path(`${family}-lora`) });
    const file = async (more: object, name: string) =>
      openGgufFiles([(await exportModel({ model, to: 'gguf', type: 'f32', output: path(name), ...more })).output]);
    const [base, merged] = [await file({}, `${family}.gguf`), await file({ adapter }, `${family}-merged.gguf`)];
    const lora = await openGgufFiles([join(output, 'adapter.gguf')]);
    expect(lora.metadata.text('adapter.type')).toBe('lora');
    expect(lora.metadata.text('general.architecture')).toBe(base.metadata.text('general.architecture'));
    const alpha = lora.metadata.number('adapter.lora.alpha');
    const layers = [...lora.tensors.keys()].filter((name) => name.endsWith('.lora_a'));
    expect(layers.length).toBeGreaterThan(0);
    for (const layer of layers.map((name) => name.slice(0, -'.lora_a'.length))) {
      const [a, b] = [await valuesOf(lora, `${layer}.lora_a`), await valuesOf(lora, `${layer}.lora_b`)];
      const [before, after] = [await valuesOf(base, layer), await valuesOf(merged, layer)];
      const [rank = 0, inputs = 0] = a.shape;
      expect([b.shape[0], inputs]).toEqual(before.shape);
      let error = 0;
      for (const [i, value] of before.values.entries()) {
        const [row, column] = [Math.floor(i / inputs), i % inputs];
        let sum = 0;
        for (let r = 0; r < rank; r++) sum += (b.values[row * rank + r] ?? 0) * (a.values[r * inputs + column] ?? 0);
        error = Math.max(error, Math.abs(value + (alpha / rank) * sum - (after.values[i] ?? 0)));
      }
      expect(error, layer).toBeLessThan(1e-5);
    }
    for (const gguf of [base, merged, lora]) await gguf.close();
    expect(await readFile(join(output, 'Modelfile'), 'utf8')).toContain(`FROM ${model}\nADAPTER ./adapter.gguf\n`);
  });

  it('is refused where llama.cpp has no place for what was trained, or there is none', async () => {
    const model = await folderOf('gpt2');
    const exporting = (more: object) => exportModel({ model, to: 'gguf-adapter', output: path('none'), ...more });
    await expect(exporting({ adapter: join(model, 'dora') })).rejects.toThrow('it is a DoRA');
    await expect(exporting({})).rejects.toThrow('There is no adapter to export');
  });
});
