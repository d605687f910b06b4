import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { plain, preview, UserError } from '@counterweight/core';
import { afterAll, expect, it } from 'vitest';
import { openPreviewProcess } from './preview-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'preview-'));
const model = fileURLToPath(new URL('../../../../models/stories260k', import.meta.url));
const data = join(folder, 'rows.jsonl');
writeFileSync(data, '{"prompt":"Once","completion":" upon a time"}\n{"prompt":"And","completion":" then"}\n');
const previews = openPreviewProcess(100);
afterAll(() => {
  previews.close();
  rmSync(folder, { recursive: true });
});

const recipe = { recipe: 'plain', cwd: folder };

it('says what a preview here says, and what is wrong in the same words', async () => {
  const options = { model, data, rows: 1, training: { cache: false } };
  const [here, there, again] = await Promise.all([
    preview({ recipe: plain(), ...options }),
    previews.preview(recipe, options),
    previews.preview(recipe, { ...options, data: join(folder, 'none.jsonl') }).catch((error: unknown) => error),
  ]);
  expect(there).toEqual({ receipt: here.receipt, examples: here.examples });
  expect(again).toBeInstanceOf(UserError);
  expect(again).toMatchObject({ code: 'file-not-found', where: join(folder, 'none.jsonl') });
  // It ends where nobody asks, and begins anew where somebody does.
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect((await previews.preview(recipe, options)).receipt.kept).toBe(2);
  // Two processes are started, each of which loads all of core.
}, 60_000);

it('answers with an error where its process ends', async () => {
  const asked = previews.preview(recipe, { model, data });
  previews.close();
  await expect(asked).rejects.toThrow('ended with SIGTERM');
});
