import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadModel } from '../../packages/core/src/checkpoint/pretrained/load-model.ts';
import { openEngine } from '../../packages/core/src/engine/open-engine.ts';
import { exportModel } from '../../packages/core/src/export-model.ts';
import { unpackGguf } from '../../packages/core/src/gguf/unpack.ts';
import { temporaryFolder } from '../../packages/core/src/test-support/folder.ts';
import { useGgufHome } from '../../packages/core/src/test-support/gguf-home.ts';
import { logitsOfStored } from '../../packages/core/src/test-support/logits.ts';
import { modelFolder } from './fixtures.ts';
import { floatsOf, largestError } from './measured.ts';

/** A tiny model of each family, through a GGUF file and back: test/reference/families.py. */
const FAMILIES = new URL('../reference/fixtures/families/', import.meta.url).pathname;
const TOKENIZER = modelFolder('stories260k');
const path = temporaryFolder();

beforeAll(async () => {
  await openEngine('wasm');
});
useGgufHome(path);

/** What llama.cpp does not know of these models, and takes to be so: without it nothing is lost on the way. */
const KNOWN: Readonly<Record<string, object>> = {
  mistral: { sliding_window: null },
  qwen2: { use_sliding_window: false },
  'qwen3-today': { layer_types: null },
  gemma2: { query_pre_attn_scalar: 8 },
  gemma3_text: { query_pre_attn_scalar: 8, sliding_window_pattern: 6 },
  'gemma3_text-today': { query_pre_attn_scalar: 8, layer_types: null },
  smollm3: { no_rope_layers: null, no_rope_layer_interval: 4, use_sliding_window: false, layer_types: null },
  'smollm3-today': { no_rope_layers: null, no_rope_layer_interval: 4, layer_types: null },
};

/** The model with the tokenizer of another one, which a GGUF file has to have. */
function withTokenizer(family: string): string {
  const folder = path(family);
  cpSync(join(FAMILIES, family), folder, { recursive: true });
  const config = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as object;
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ ...config, ...KNOWN[family] }));
  for (const file of ['tokenizer.json', 'tokenizer_config.json']) cpSync(join(TOKENIZER, file), join(folder, file));
  return folder;
}

/** The family is a name only: llama.cpp has one for Llama and Mistral. */
const computing = ({ config: { family: _, ...config } }: { config: { family: string } }) => config;

describe('a model of the family that went through a GGUF file', () => {
  it.each(readdirSync(FAMILIES))('is the same: %s', async (family) => {
    const folder = withTokenizer(family);
    const { output } = await exportModel({ model: folder, to: 'gguf', type: 'f32', output: path(`${family}.gguf`) });
    const { folder: unpacked } = await unpackGguf(output);
    const [before, after] = [await loadModel(folder), await loadModel(unpacked)];
    expect(computing(after)).toEqual(computing(before));
    for (const [name, tensor] of before.tensors) {
      const [wanted, found] = [tensor.dataSync() as Float32Array, after.tensors.get(name)?.dataSync() as Float32Array];
      // Gemma's norms are stored with one added to them, which rounds.
      const rounding = family.startsWith('gemma') && name.includes('norm') ? 1e-7 : 0;
      expect(largestError(found, wanted), name).toBeLessThanOrEqual(rounding);
    }
    const { logits } = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as {
      logits: { ids: number[]; data: string };
    };
    const own = await logitsOfStored(before, logits.ids);
    const wanted = KNOWN[family] ? own : floatsOf(logits.data);
    expect(largestError(await logitsOfStored(after, logits.ids), wanted)).toBeLessThan(1e-4);
  });
});
