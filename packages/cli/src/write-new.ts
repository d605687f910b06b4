import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { UserError } from '@counterweight/core';

/** To be asked before a long computation whose outcome is to be written. @throws {UserError} where there is such a file */
export function assertNew(path: string): void {
  if (existsSync(path)) throw isThere(path);
}

/** Writes a file where there is none. @throws {UserError} where there is one, or none can be */
export async function writeNew(path: string, text: string): Promise<void> {
  await writeFile(path, text, { flag: 'wx' }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'EEXIST') throw isThere(path);
    throw new UserError({
      code: 'output-unwritable',
      problem: `The file cannot be written: ${cause.message}`,
      where: path,
      fix: 'Choose another --output.',
      cause,
    });
  });
}

const isThere = (path: string): UserError =>
  new UserError({
    code: 'output-in-use',
    problem: 'There is such a file already',
    where: path,
    fix: 'Choose another --output.',
  });
