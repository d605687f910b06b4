import { readFile, stat } from 'node:fs/promises';
import { UserError, type UserErrorCode } from '../errors.ts';

const MiB = 2 ** 20;

/** No settings file of a model or an adapter comes near this; it is read whole, and what is parsed of it takes a multiple. */
export const LONGEST_SETTINGS = 16 * MiB;

/**
 * A file that is read whole, as text; undefined where there is none.
 * @param longest in bytes: a longer one is refused before anything is read of it
 * @throws {UserError} with `code` for one that is too long or can't be read
 */
export async function readTextFile(
  file: string,
  code: UserErrorCode,
  longest = LONGEST_SETTINGS,
): Promise<string | undefined> {
  const fail = (problem: string, cause?: unknown) =>
    new UserError({ code, problem, where: file, fix: 'Copy the file anew from where the model comes from.', cause });
  try {
    const { size } = await stat(file);
    if (size > longest) throw fail(`The file is larger than what it can hold: ${size} bytes, at most ${longest}.`);
    return await readFile(file, 'utf8');
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    const { code: reason } = cause as NodeJS.ErrnoException;
    if (reason === 'ENOENT' || reason === 'ENOTDIR') return undefined;
    throw fail(`The file can't be read (${reason}).`, cause);
  }
}
