import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../test-support/folder.ts';
import { syncHandle, writeFileDurably, writeFolderDurably } from './durable.ts';
import { explainWriteError, isDiskFull } from './write-error.ts';

const path = temporaryFolder();

describe('a file that is written durably', () => {
  it('takes the place of the one before, and leaves nothing beside it', async () => {
    const file = path('file.txt');
    await writeFileDurably(file, 'one');
    await writeFileDurably(file, 'two');
    expect(readFileSync(file, 'utf8')).toBe('two');
    expect(readdirSync(path('.'))).not.toContain('file.txt.partial');
  });
});

describe('a folder that is written durably', () => {
  it('takes the place of the one before as a whole', async () => {
    const folder = path('folder');
    await mkdir(folder);
    await writeFile(join(folder, 'old'), '');
    await writeFolderDurably(folder, async (aside) => {
      await mkdir(join(aside, 'deep'));
      await writeFile(join(aside, 'deep', 'new'), 'new');
    });
    expect(readdirSync(folder)).toEqual(['deep']);
    expect(readdirSync(path('.')).filter((name) => name.startsWith('folder'))).toEqual(['folder']);
  });

  it('stays as it was when writing fails half-way', async () => {
    const folder = path('kept');
    await writeFolderDurably(folder, (aside) => writeFile(join(aside, 'good'), ''));
    const failing = writeFolderDurably(folder, async (aside) => {
      await writeFile(join(aside, 'half'), '');
      throw new Error('no more');
    });
    await expect(failing).rejects.toThrow('no more');
    expect(readdirSync(folder)).toEqual(['good']);
    expect(existsSync(`${folder}.partial`)).toBe(false);
  });
});

describe('fsync', () => {
  const failing = (code?: string) => ({ sync: () => Promise.reject(Object.assign(new Error('no'), { code })) });

  it.each([undefined, 'EINVAL', 'ENOTSUP', 'EPERM', 'ENOSYS'])('is done without where it is not there: %s', (code) =>
    expect(syncHandle(failing(code))).resolves.toBeUndefined(),
  );
  it.each(['EIO', 'ENOSPC', 'EDQUOT'])('that fails because the disk does is an error: %s', (code) =>
    expect(syncHandle(failing(code))).rejects.toMatchObject({ code }),
  );
});

describe('an error of writing', () => {
  it('says the path and what to do', () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    expect(isDiskFull(full)).toBe(true);
    expect(explainWriteError(full, '/runs/one', '--output')).toMatchObject({
      code: 'output-unwritable',
      where: '/runs/one',
      fix: 'Free some space, or choose another --output.',
    });
  });

  it('of copying names the copy', () => {
    const full = Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', path: '/model/vocab', dest: '/runs/one/vocab' });
    expect(explainWriteError(full, '/runs/one', '--output')).toMatchObject({ where: '/runs/one/vocab' });
  });

  it('of the system that nobody thought of is told too', () => {
    const stale = Object.assign(new Error('ESTALE: stale file handle, write'), { code: 'ESTALE', syscall: 'write' });
    expect(explainWriteError(stale, '/runs/one', '--output')).toMatchObject({ code: 'output-unwritable' });
  });

  it('is left alone when it is of another kind', () => {
    const other = new TypeError('not a function');
    expect(explainWriteError(other, '/runs/one', '--output')).toBe(other);
  });
});
