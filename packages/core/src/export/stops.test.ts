import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { exportModel } from '../export-model.ts';
import { fineTune } from '../fine-tune.ts';
import { plain } from '../recipe/plain.ts';
import { IM_END, writeChatStories } from '../test-support/chat-stories.ts';
import { temporaryFolder } from '../test-support/folder.ts';
import { ggufTokenizer } from '../test-support/read-gguf.ts';

const path = temporaryFolder();
const EOS = 2;
let model: string;

beforeAll(async () => {
  model = await writeChatStories(path('model'));
  await writeFile(path('rows.jsonl'), `${JSON.stringify({ prompt: 'Who?', completion: 'A girl.' })}\n`);
});

const json = async (folder: string, file: string) =>
  JSON.parse(await readFile(join(folder, file), 'utf8')) as Record<string, unknown>;
const endsIn = async (folder: string) => [
  (await json(folder, 'config.json')).eos_token_id,
  (await json(folder, 'generation_config.json')).eos_token_id,
];
const train = (method: 'lora' | 'full', format: 'auto' | 'plain', output: string) =>
  fineTune({
    recipe: plain(),
    model,
    data: path('rows.jsonl'),
    output,
    training: { method, format, maxSteps: 1, loraRank: 2 },
  });

describe.each(['full', 'lora'] as const)('a run of method %s', (method) => {
  it('says with its result, and in every export, what ends a turn', async () => {
    const run = path(method);
    await train(method, 'auto', run);
    if (method === 'full')
      expect(await endsIn(join(run, 'model'))).toEqual([
        [EOS, IM_END],
        [EOS, IM_END],
      ]);
    for (const to of ['merged', 'onnx'] as const) {
      const { output } = await exportModel({ run, to });
      expect(await endsIn(output)).toEqual([
        [EOS, IM_END],
        [EOS, IM_END],
      ]);
      // The words that the template writes stay as they are, and with them what the tokenizer calls its end.
      expect((await json(output, 'tokenizer_config.json')).eos_token).toBe('</s>');
    }
    const { output } = await exportModel({ run, to: 'gguf' });
    expect(await ggufTokenizer(output)).toMatchObject({
      eos_token_id: EOS,
      eot_token_id: IM_END,
      bos_token_id: 1,
      add_bos_token: false,
    });
  });

  it('in the plain layout ends where the tokenizer does', async () => {
    const run = path(`${method}-plain`);
    await train(method, 'plain', run);
    const { output } = await exportModel({ run, to: 'merged' });
    expect(await endsIn(output)).toEqual([EOS, EOS]);
  });
});

describe('a model by itself', () => {
  const withSettings = async (name: string, settings: object, config: object = {}) => {
    const folder = await writeChatStories(path(name));
    await writeFile(join(folder, 'generation_config.json'), JSON.stringify(settings));
    await writeFile(join(folder, 'config.json'), JSON.stringify({ ...(await json(folder, 'config.json')), ...config }));
    return folder;
  };

  it.each([
    [{ eos_token_id: [5, EOS] }, {}, [5, EOS, IM_END], [EOS, IM_END, 5]],
    [{ eos_token_id: [IM_END, EOS] }, {}, [IM_END, EOS], [EOS, IM_END]],
    [{}, { eos_token_id: [EOS, IM_END] }, [IM_END, EOS], [EOS, IM_END]],
    [{ eos_token_id: null }, { eos_token_id: null }, [IM_END, EOS], [IM_END, EOS]],
  ])('keeps what its settings name, in their order: %j %j', async (settings, config, generation, own) => {
    const folder = await withSettings('order', settings, config);
    const { output } = await exportModel({ model: folder, to: 'merged', output: path(`order-${Math.random()}`) });
    expect((await endsIn(output)).map((ids) => new Set([ids].flat()))).toEqual([new Set(own), new Set(generation)]);
    expect((await endsIn(output))[1]).toEqual(generation);
  });

  it('in GGUF names three ends, and says where there are more', async () => {
    const three = await withSettings('three', { eos_token_id: [7, EOS] });
    const { output } = await exportModel({ model: three, to: 'gguf', output: path('three.gguf') });
    expect(await ggufTokenizer(output)).toMatchObject({ eos_token_id: EOS, eot_token_id: IM_END, eom_token_id: 7 });
    const four = await withSettings('four', { eos_token_id: [7, EOS, 9] });
    await expect(exportModel({ model: four, to: 'gguf', output: path('four.gguf') })).rejects.toThrow(
      /three tokens that end an answer, and this model has 4: 2, 510, 7, 9/,
    );
  });

  it('in GGUF names BOS where no text begins with it, and none that the vocabulary lacks', async () => {
    const named = async (name: string, settings: object) => {
      const folder = await withSettings(name, {}, { bos_token_id: null });
      await writeFile(join(folder, 'tokenizer_config.json'), JSON.stringify({ eos_token: '</s>', ...settings }));
      await writeFile(join(folder, 'special_tokens_map.json'), '{}');
      await rm(join(folder, 'chat_template.jinja'));
      return ggufTokenizer((await exportModel({ model: folder, to: 'gguf', output: path(`${name}.gguf`) })).output);
    };
    const bos = { bos_token: '<s>' };
    expect(await named('bos', { ...bos, add_bos_token: false })).toMatchObject({
      bos_token_id: 1,
      add_bos_token: false,
    });
    expect(await named('begins', { ...bos, add_bos_token: true })).toMatchObject({
      bos_token_id: 1,
      add_bos_token: true,
    });
    expect(await named('none', { add_bos_token: false })).not.toHaveProperty('bos_token_id');
    expect(await named('lacks', { bos_token: '<begin>', add_bos_token: false })).not.toHaveProperty('bos_token_id');
  });
});
