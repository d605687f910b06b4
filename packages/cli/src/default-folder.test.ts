import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { makeDefaultFolder } from './default-folder.ts';

const cwd = mkdtempSync(join(tmpdir(), 'counterweight-default-'));
afterAll(() => rmSync(cwd, { recursive: true }));
const date = new Date(2026, 0, 2, 3, 4, 5);

it('gives every run of the same second a folder of its own', async () => {
  const folders = await Promise.all(Array.from({ length: 20 }, () => makeDefaultFolder(cwd, 'support', { date })));
  const outputs = folders.map(({ output }) => output);
  expect(new Set(outputs).size).toBe(20);
  expect(outputs).toContain('runs/support-20260102-030405');
  expect(outputs).toContain('runs/support-20260102-030405-20');
});

it('takes an unused folder away, and leaves one that holds something', async () => {
  const [empty, used] = [
    await makeDefaultFolder(cwd, 'plain', { date }),
    await makeDefaultFolder(cwd, 'plain', { date }),
  ];
  writeFileSync(join(cwd, used.output, 'run.json'), '{}');
  await empty.release();
  await used.release();
  expect([existsSync(join(cwd, empty.output)), existsSync(join(cwd, used.output))]).toEqual([false, true]);
});

it('makes a folder of a name that is no file name', async () => {
  expect((await makeDefaultFolder(cwd, '../support + code', { date })).output).toBe(
    'runs/..-support-code-20260102-030405',
  );
});
