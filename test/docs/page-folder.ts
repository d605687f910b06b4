import { mkdirSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Block, root } from './blocks.ts';

/** A folder in which a page's commands can be given: everything that it installs is in place, by links into the repository. */
export function pageFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'counterweight-page-'));
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, '@counterweight'), { recursive: true });
  for (const name of readdirSync(join(root, 'packages'))) {
    if (name === 'create-counterweight-recipe') continue;
    symlinkSync(join(root, 'packages', name), join(modules, '@counterweight', name));
  }
  symlinkSync(join(root, 'models/stories260k'), join(modules, '@counterweight/stories260k'));
  for (const name of ['zod', 'vitest', 'tsup', 'typescript', '@types', '.bin']) {
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  return folder;
}

export function writeFileOf({ file, code }: Block, folder: string): void {
  if (file === undefined) return;
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), code);
}
