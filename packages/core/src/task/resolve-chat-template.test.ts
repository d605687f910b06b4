import { cp, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { storiesFolder } from '../tokenizer/test-support/tokenizers.ts';
import type { TrainingOptionsInput } from '../training/options.ts';
import { parseTrainingOptions } from '../training/parse-options.ts';
import { resolveChatTemplate } from './resolve-chat-template.ts';

const folder = await mkdtemp(join(tmpdir(), 'counterweight-format-'));
await cp(storiesFolder, folder, { recursive: true });
await writeFile(join(folder, 'chat_template.jinja'), "{{ strftime_now('%d.%m.%Y') }}");
const choose = (model: string, given: TrainingOptionsInput) => resolveChatTemplate(model, parseTrainingOptions(given));

it('is the model’s chat template where there is one, and the plain layout where there is none', async () => {
  expect(await choose(storiesFolder, {})).toMatchObject({ chat: undefined, training: { format: 'plain' } });
  expect((await choose(folder, {})).training).toMatchObject({ format: 'chat' });
  expect(await choose(folder, { format: 'plain' })).toMatchObject({ chat: undefined, training: { format: 'plain' } });
  await expect(choose(storiesFolder, { format: 'chat' })).rejects.toMatchObject({ code: 'option-invalid' });
});

it('writes down the day that the template tells', async () => {
  const told = await choose(folder, { templateDate: '2026-01-31' });
  expect(told.chat?.render({ messages: [] }, false)).toBe('31.01.2026');
  expect(told.training.templateDate).toBe('2026-01-31');
  expect((await choose(folder, {})).training.templateDate).toMatch(/^\d{4}-\d\d-\d\d$/);
  expect((await choose(storiesFolder, {})).training.templateDate).toBeUndefined();
});
