import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hashFile } from './hash-file.ts';

/** The sha256 of every file in a folder, in a file of its own that `sha256sum --check` reads too. */
export const SUMS = 'SHA256SUMS';

const LINE = /^([0-9a-f]{64}) {2}(.+)$/;

/** Of all files that lie in the folder now. */
export async function writeSums(folder: string): Promise<void> {
  const names = (await readdir(folder)).sort();
  const lines = await Promise.all(names.map(async (name) => `${await hashFile(join(folder, name))}  ${name}\n`));
  await writeFile(join(folder, SUMS), lines.join(''));
}

/** What is wrong with a folder that `writeSums` was called for and that has these files; undefined where nothing is. */
export async function wrongInFolder(folder: string, names: readonly string[]): Promise<string | undefined> {
  const text = await readFile(join(folder, SUMS), 'utf8').catch(() => undefined);
  if (text === undefined) return `${SUMS} is missing`;
  const lines = text.split('\n');
  if (lines.pop() !== '') return `${SUMS} is cut short`;
  const sums = new Map<string, string>();
  for (const line of lines) {
    const [, sum, name] = LINE.exec(line) ?? [];
    if (sum === undefined || name === undefined) return `${SUMS} is damaged`;
    sums.set(name, sum);
  }
  for (const name of names) if (!sums.has(name)) return `${SUMS} does not name ${name}`;
  for (const [name, sum] of sums) {
    const found = await hashFile(join(folder, name)).catch(() => undefined);
    if (found === undefined) return `${name} is missing, or cannot be read`;
    if (found !== sum) return `${name} is not what was written: its checksum differs`;
  }
  return undefined;
}
