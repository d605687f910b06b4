import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** How many files lie in a folder and all below it, and their bytes together; none where there is no such folder. A file counts by itself. */
export async function measureFiles(path: string): Promise<{ readonly files: number; readonly bytes: number }> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile()) return { files: 1, bytes: found.size };
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch((): Dirent[] => []);
  const files = entries.filter((entry) => entry.isFile());
  // One may be gone since.
  const sizes = await Promise.all(
    files.map(({ parentPath, name }) =>
      stat(join(parentPath, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return { files: files.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}
