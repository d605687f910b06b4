import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadModel } from '../../packages/core/src/checkpoint/pretrained/load-model.ts';
import { openEngine } from '../../packages/core/src/engine/open-engine.ts';
import { generateIds } from '../../packages/core/src/generation/generate-ids.ts';
import { unpackGguf } from '../../packages/core/src/gguf/unpack.ts';
import { createParameterStore } from '../../packages/core/src/model/parameters/parameter-store.ts';
import { temporaryFolder } from '../../packages/core/src/test-support/folder.ts';
import { distance, logitsOfStored } from '../../packages/core/src/test-support/logits.ts';
import { loadTokenizer } from '../../packages/core/src/tokenizer/load-tokenizer.ts';
import { hardTexts } from '../../packages/core/src/tokenizer/test-support/hard-texts.ts';
import { bringSmolLm2 } from '../../scripts/smollm2.ts';
import { runPython } from './tools.ts';

const path = temporaryFolder();

/** What llama.cpp says with the same file: python/smollm2_llama_cpp.py. */
const fixture = JSON.parse(readFileSync(new URL('./fixtures/smollm2.json', import.meta.url), 'utf8')) as {
  readonly textIds: string;
  readonly continuations: readonly { readonly prompt: string; readonly ids: number[]; readonly newIds: number[] }[];
};

const model = (() => {
  try {
    return bringSmolLm2();
  } catch (error) {
    console.error(`SmolLM2 can't be had here: ${(error as Error).message}`);
    return undefined;
  }
})();

describe.skipIf(model === undefined)('SmolLM2-135M-Instruct, as a GGUF file', () => {
  const opened = unpackGguf(model as string);

  it('gives 2,000 hard texts the ids that llama.cpp and the original tokenizer.json give them', async () => {
    const tokenizer = await loadTokenizer((await opened).folder);
    const texts = hardTexts(
      2000,
      tokenizer.addedTokens?.map(({ content }) => content),
    );
    const ids = texts.map((text) => tokenizer.encode(text, 'start').join(' ')).join('\n');
    expect(createHash('sha256').update(ids).digest('hex')).toBe(fixture.textIds);
  });

  it('has the logits of transformers, which dequantises the same file', async () => {
    const ids = (fixture.continuations[0] as (typeof fixture.continuations)[number]).ids;
    const logits = path('logits');
    await runPython('peft_side.py', [{ logits, model, adapter: null, ids }], path('jobs.json'));
    const theirs = new Float32Array(Uint8Array.from(readFileSync(logits)).buffer);
    const largest = theirs.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    await openEngine();
    const { folder } = await opened;
    expect(distance(await logitsOfStored(await loadModel(folder), ids), theirs) / largest).toBeLessThan(1e-4);
    const quantization = { quantize: undefined, quantizeEmbeddings: false, vocabulary: undefined };
    const kept = await loadModel(folder, 'f32', { quantization });
    expect(distance(await logitsOfStored(kept, ids), theirs) / largest).toBeLessThan(1e-4);
  });

  it('goes on as llama.cpp does with the same weights in f32, for 64 tokens', async () => {
    const { folder } = await opened;
    await openEngine();
    const { config, blocks, tensors } = await loadModel(folder);
    const decoder = { config, blocks, parameters: createParameterStore(tensors, []) };
    const tokenizer = await loadTokenizer(folder);
    for (const { prompt, ids, newIds } of fixture.continuations) {
      expect(tokenizer.encode(prompt, 'start')).toEqual(ids);
      const sampling = { eosId: tokenizer.eosId, maxNewTokens: 64, temperature: 0 };
      expect((await generateIds(decoder, [ids], sampling))[0], prompt).toEqual(newIds);
    }
    decoder.parameters.dispose();
  });
});
