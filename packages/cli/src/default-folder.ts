import { mkdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { timestamp } from '@counterweight/core/files';

/** A run folder of the command line's own choice. */
export interface DefaultFolder {
  /** From the working directory: `runs/support-20261128-195900`. */
  readonly output: string;
  /** Takes it away again where nothing was written into it. */
  release(): Promise<void>;
}

/**
 * Makes a folder that nobody else has: of several runs that begin in the same second, each gets a name of its own, with
 * `-2`, `-3`, … behind it.
 */
export async function makeDefaultFolder(
  cwd: string,
  recipe: string,
  { parent = 'runs', date = new Date() }: { readonly parent?: string; readonly date?: Date } = {},
): Promise<DefaultFolder> {
  await mkdir(join(cwd, parent), { recursive: true });
  const name = `${recipe.replace(/[^\w.-]+/g, '-')}-${timestamp(date)}`;
  for (let number = 1; ; number++) {
    const output = `${parent}/${name}${number === 1 ? '' : `-${number}`}`;
    if (await makeNew(join(cwd, output))) {
      return { output, release: () => rmdir(join(cwd, output)).catch(() => {}) };
    }
  }
}

async function makeNew(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
