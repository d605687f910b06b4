import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { PlainLayout } from '../recipe/recipe.ts';
import { temporaryFolder } from '../test-support/folder.ts';
import { cached, trimCache } from './tokenization-cache.ts';
import { CHUNK_ROWS, type Outcome, type RenderedRow } from './tokenize-rows.ts';

const path = temporaryFolder();
const rows = Array.from(
  { length: CHUNK_ROWS },
  (_, i): RenderedRow => ({
    rendered: { prompt: [], completion: [{ role: 'assistant', text: String(i) }] },
    layout: {} as PlainLayout,
    maxLength: 10,
    maxNewTokens: 10,
    longAnswers: 'drop',
    where: `row ${i}`,
  }),
);

it('is written by many at a time, and left whole', async () => {
  const cache = { folder: path('many'), wordsHash: '' };
  let tokenized = 0;
  const tokenizeChunk = async (some: readonly RenderedRow[]): Promise<Outcome[]> => {
    tokenized++;
    return some.map(() => 'too-long');
  };
  const lookUp = cached(tokenizeChunk, cache);
  const answers = await Promise.all(Array.from({ length: 8 }, () => lookUp(rows)));
  for (const outcomes of answers) expect(outcomes).toHaveLength(CHUNK_ROWS);
  const files = await readdir(cache.folder);
  expect(files).toHaveLength(1);
  // Rows can be read out of it.
  if (process.platform !== 'win32') expect((await stat(join(cache.folder, files[0] as string))).mode & 0o077).toBe(0);
  const before = tokenized;
  expect(await lookUp(rows)).toEqual(answers[0]);
  expect(tokenized).toBe(before);
});

it('is trimmed as far as that goes: what cannot be removed stays, and is no reason to stop', async () => {
  const folder = path('trimmed');
  await mkdir(path('trimmed', 'somebody’s'), { recursive: true });
  await writeFile(path('trimmed', 'old'), 'x'.repeat(100));
  await trimCache({ folder, wordsHash: '', maxBytes: 1 });
  expect(await readdir(folder)).toEqual(['somebody’s']);
});
