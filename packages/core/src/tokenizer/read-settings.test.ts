import { writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { temporaryFolder } from '../test-support/folder.ts';
import { readSettingsOnce } from './read-settings.ts';

const path = temporaryFolder();
const schema = z.object({ a: z.number() });

it('reads a file once, for as many as ask for the same of it', async () => {
  const read = readSettingsOnce();
  await writeFile(path('one.json'), '{"a": 1}');
  const first = await read(path(), 'one.json', schema);
  await writeFile(path('one.json'), '{"a": 2}');
  expect(await read(path(), 'one.json', schema)).toBe(first);
  expect(await read(path(), 'one.json', z.looseObject({}))).toEqual({ a: 2 });
  expect(await readSettingsOnce()(path(), 'one.json', schema)).toEqual({ a: 2 });
  expect(await read(path(), 'none.json', schema)).toBeUndefined();
});
