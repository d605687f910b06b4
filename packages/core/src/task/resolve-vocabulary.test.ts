import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../test-support/folder.ts';
import { loadTokenizer } from '../tokenizer/load-tokenizer.ts';
import { parseTrainingOptions } from '../training/parse-options.ts';
import { resolveVocabulary } from './resolve-vocabulary.ts';

const path = temporaryFolder();
/** 512 tokens, and as many rows. */
const stories = fileURLToPath(new URL('../../../../models/stories260k', import.meta.url));

const settled = async (folder: string, addTokens: string[]) => {
  const training = parseTrainingOptions({ addTokens });
  const tokenizer = await loadTokenizer(folder, { tokens: addTokens });
  return resolveVocabulary({}, { folder, modelFolder: folder, adapter: undefined, tokenizer, training });
};

/** The model with as many rows as `rows`, or with tokens that `tokens` names. */
async function changed(name: string, { rows = 512, tokens = [] as string[] }): Promise<string> {
  const folder = path(name);
  await cp(stories, folder, { recursive: true });
  const write = async (file: string, change: (json: Record<string, unknown>) => object) => {
    const json = JSON.parse(await readFile(join(folder, file), 'utf8')) as Record<string, unknown>;
    await writeFile(join(folder, file), JSON.stringify({ ...json, ...change(json) }));
  };
  await write('config.json', () => ({ vocab_size: rows }));
  await write('tokenizer.json', ({ added_tokens }) => ({
    added_tokens: [
      ...(added_tokens as object[]),
      ...tokens.map((content, i) => ({ ...(added_tokens as object[])[0], id: 512 + i, content, special: false })),
    ],
  }));
  return folder;
}

it('grows where there is no room, and keeps its size where there is', async () => {
  const [full, roomy] = [
    await settled(stories, ['<a>', '<b>']),
    await settled(await changed('roomy', { rows: 528 }), ['<a>', '<b>']),
  ];
  for (const { vocabulary } of [full, roomy]) expect(vocabulary).toEqual({ known: 512, size: 514 });
  expect([full, roomy].map(({ config }) => config.vocabularySize)).toEqual([514, 528]);
});

it('has nothing new where all tokens are known', async () => {
  expect((await settled(stories, ['</s>'])).vocabulary).toBeUndefined();
});

it.each([{ add: [] }, { add: ['<a>'] }])('refuses a tokenizer that is larger than the model: %o', async ({ add }) => {
  const folder = await changed(`larger-${add.length}`, { tokens: ['<x>'] });
  await expect(settled(folder, add)).rejects.toMatchObject({ code: 'tokenizer-mismatch' });
});

it('refuses a token that is named twice', () => {
  expect(() => parseTrainingOptions({ addTokens: ['<a>', '<a>'] })).toThrow(/named twice/);
});
