import { existsSync, readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { identityOf } from '../files/process-identity.ts';
import { temporaryFolder } from '../test-support/folder.ts';
import { claimRunFolder } from './claim-run-folder.ts';

const path = temporaryFolder();
let runs = 0;
const newPath = () => path(`run-${runs++}`);

describe('a claimed run folder', () => {
  it('is for one run at a time', async () => {
    const output = newPath();
    const first = await claimRunFolder(output, {});
    await expect(claimRunFolder(output, {})).rejects.toMatchObject({
      code: 'run-folder-in-use',
      problem: expect.stringContaining(String(process.pid)) as string,
    });
    await writeFile(join(output, 'run.json'), '{}');
    await expect(claimRunFolder(output, { resume: true })).rejects.toMatchObject({ code: 'run-folder-in-use' });
    await first.release();
    await (await claimRunFolder(output, { resume: true })).release();
    expect(readdirSync(output)).toEqual(['run.json']);
  });

  it('is gone again when nothing came of the run, with the folders that were made for it and no others', async () => {
    await mkdir(path('mine'));
    const folder = await claimRunFolder(path('mine', 'new', 'run'), {});
    expect(existsSync(path('mine', 'new', 'run'))).toBe(true);
    await folder.release();
    expect(readdirSync(path('mine'))).toEqual([]);
    const empty = newPath();
    await mkdir(empty);
    await (await claimRunFolder(empty, {})).release();
    expect(readdirSync(empty)).toEqual([]);
  });

  it('may hold what a run left that was killed before its first word', async () => {
    const output = newPath();
    await mkdir(output);
    await writeFile(
      join(output, '.lock'),
      JSON.stringify({ token: 'theirs', ...identityOf(process.pid), pid: 2 ** 22 + 1 }),
    );
    await writeFile(join(output, 'run.json.partial'), '{"reci');
    await (await claimRunFolder(output, {})).release();
  });

  it('is refused when it holds anything else', async () => {
    const output = newPath();
    await mkdir(output);
    await writeFile(join(output, 'notes.txt'), '');
    await expect(claimRunFolder(output, {})).rejects.toMatchObject({ code: 'run-folder-in-use', where: output });
    expect(readdirSync(output)).toEqual(['notes.txt']);
  });

  it('must hold a run to go on with one', async () => {
    const output = newPath();
    await expect(claimRunFolder(output, { resume: true })).rejects.toMatchObject({ code: 'run-folder-in-use' });
    expect(existsSync(output)).toBe(false);
  });

  it('cannot be a file, nor lie below one', async () => {
    const file = newPath();
    await writeFile(file, '');
    for (const output of [file, join(file, 'run')]) {
      await expect(claimRunFolder(output, {})).rejects.toMatchObject({
        code: 'output-unwritable',
        fix: 'Choose another --output.',
      });
    }
  });

  it('knows when another run has taken it over', async () => {
    const output = newPath();
    const folder = await claimRunFolder(output, {});
    await folder.assertHeld();
    await writeFile(join(output, '.lock'), JSON.stringify({ token: 'theirs', ...identityOf(process.pid), pid: 1 }));
    await expect(folder.assertHeld()).rejects.toMatchObject({ code: 'run-folder-in-use' });
    await folder.release();
    expect(readdirSync(output)).toEqual(['.lock']);
  });
});
