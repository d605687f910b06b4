import { writeFile } from 'node:fs/promises';
import { UserError } from '@counterweight/core';

/** Writes a file where there is none. @throws {UserError} where there is one, or none can be */
export async function writeNew(path: string, text: string): Promise<void> {
  await writeFile(path, text, { flag: 'wx' }).catch((cause: NodeJS.ErrnoException) => {
    const isThere = cause.code === 'EEXIST';
    throw new UserError({
      code: isThere ? 'output-in-use' : 'output-unwritable',
      problem: isThere ? 'There is such a file already' : `The file cannot be written: ${cause.message}`,
      where: path,
      fix: 'Choose another --output.',
      cause,
    });
  });
}
