import { writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkGguf, exportModel, fineTune, plain } from '../../packages/core/src/index.ts';
import { writeChatStories } from '../../packages/core/src/test-support/chat-stories.ts';
import { temporaryFolder } from '../../packages/core/src/test-support/folder.ts';
import { modelFolder } from '../parity/fixtures.ts';
import { llamaServer } from './tools.ts';

/** A run's answers to held-out rows, asked again of llama.cpp's own server with the file that was exported. */
const path = temporaryFolder();
const training = { method: 'full', learningRate: 0.003, batchSize: 4, precision: 'f32' } as const;
const check = (run: string, file: string) =>
  checkGguf({
    run: path(run),
    file,
    llamaServer: llamaServer(path()),
    findRecipe: async () => ({ recipe, source: undefined }),
  });
const recipe = plain();
const exported = async (run: string, type: 'f32' | 'f16') =>
  (await exportModel({ run: path(run), to: 'gguf', type, output: path(`${run}-${type}.gguf`) })).output;

const train = async (run: string, rows: readonly object[], maxSteps: number, model = modelFolder('stories260k')) => {
  const data = path(`${run}.jsonl`);
  await writeFile(data, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const held = { evalData: data, output: path(run) };
  await fineTune({ recipe, model, data, ...held, training: { ...training, maxSteps, maxEvalRows: 4 } });
};

const animals = ['cat', 'dog', 'bird', 'fish'];

beforeAll(async () => {
  const told = animals.map((animal) => ({ prompt: `The ${animal} was`, completion: ' happy and red.' }));
  await train('stories', told, 12);
  await train(
    'others',
    [...told].reverse().map(({ prompt }) => ({ prompt, completion: ' not here. Tom was sad.' })),
    30,
  );
  const asked = animals.map((animal) => ({
    messages: [
      { role: 'user', content: `Who is the ${animal}?` },
      { role: 'assistant', content: `The ${animal} is Tom.` },
    ],
  }));
  await train('chat', asked, 40, await writeChatStories(path('chat-model')));
});

describe('the check of a GGUF file', () => {
  it.each(['f32', 'f16'] as const)('finds the answers of a run in plain text: %s', async (type) => {
    const { pass, answers } = await check('stories', await exported('stories', type));
    expect(pass, JSON.stringify(answers)).toBe(true);
    expect(answers).toHaveLength(4);
    for (const { ours, theirs } of answers) expect([ours, theirs.slice(0, 5)]).toEqual([ours, ours.slice(0, 5)]);
  });

  it('finds those of a chat model, and that they end where ours end', async () => {
    const { pass, answers } = await check('chat', await exported('chat', 'f32'));
    expect(pass, JSON.stringify(answers)).toBe(true);
    expect(answers.map(({ verdict }) => verdict)).toEqual(['same', 'same', 'same', 'same']);
    expect(answers.map(({ ours }) => ours)).toContain('The cat is Tom.');
    expect(answers.every(({ theirs, ours }) => theirs === ours)).toBe(true);
  });

  it('fails where the file is of another run', async () => {
    const { pass, answers } = await check('stories', await exported('others', 'f32'));
    expect(pass).toBe(false);
    expect(answers.map(({ verdict }) => verdict)).toContain('differs');
  });

  it('says what llama.cpp says of a file that it does not take', async () => {
    await writeFile(path('broken.gguf'), 'no GGUF');
    await expect(check('stories', path('broken.gguf'))).rejects.toMatchObject({ code: 'model-invalid' });
  });
});
