import { writeFile } from 'node:fs/promises';
import { afterEach, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../test-support/folder.ts';
import { storiesFolder } from '../tokenizer/test-support/tokenizers.ts';
import { openTextProcessing } from '../tokenizer/text-processing.ts';
import { parseTrainingOptions } from '../training/parse-options.ts';
import { openTokenization } from './open-tokenization.ts';

const path = temporaryFolder();
afterEach(() => vi.unstubAllEnvs());

it.each([
  ['is a file', () => path('file')],
  ['lies below a file', () => path('file', 'home')],
  ['can never be', () => '/proc/nope'],
])('goes on without the cache where its folder %s, and says so', async (_, home) => {
  await writeFile(path('file'), '');
  vi.stubEnv('COUNTERWEIGHT_HOME', home());
  const said = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  const textProcessing = { folder: storiesFolder, modelFolder: storiesFolder, training: parseTrainingOptions({}) };
  const { tokenizeChunk, close } = await openTokenization({
    ...(await openTextProcessing(textProcessing)),
    textProcessing,
  });
  expect(await tokenizeChunk([])).toEqual([]);
  await close();
  expect(said).toHaveBeenCalledWith(expect.stringContaining('not kept for the next run'), 'CounterweightWarning');
  said.mockRestore();
});
