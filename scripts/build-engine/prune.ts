import { existsSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Bytes of objects that are kept: six builds of every platform, so that branches that are changed between find theirs. */
const OBJECTS = 64e6;
/** Bytes of what zig keeps for itself, its C++ library for every target among them (0.1 GB). */
const ZIG = 1e9;

/** Keeps the build's folder from growing without bound. The objects that were used last stay; zig's own is emptied. */
export async function pruneCache(cache: string, { objects = OBJECTS, zig = ZIG } = {}): Promise<void> {
  await removeOldest(join(cache, 'objects'), objects);
  const ofZig = join(cache, 'zig-cache');
  const held = (await filesIn(ofZig)).reduce((sum, { bytes }) => sum + bytes, 0);
  if (held > zig) await rm(ofZig, { recursive: true, force: true });
}

async function removeOldest(folder: string, limit: number): Promise<void> {
  const files = (await filesIn(folder)).sort((a, b) => b.usedAt - a.usedAt);
  let held = 0;
  for (const { path, bytes } of files) {
    held += bytes;
    if (held > limit) await rm(path, { force: true });
  }
}

/** All files below a folder; what another build removes meanwhile is left out. */
async function filesIn(folder: string): Promise<{ path: string; bytes: number; usedAt: number }[]> {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const found = await Promise.all(
    files.map((path) =>
      stat(path).then(
        (stats) => ({ path, stats }),
        () => undefined,
      ),
    ),
  );
  return found.flatMap((file) =>
    file ? [{ path: file.path, bytes: file.stats.size, usedAt: file.stats.mtimeMs }] : [],
  );
}
