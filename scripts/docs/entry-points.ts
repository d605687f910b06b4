import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What can be imported, and the file that it is: `@counterweight/core/recipe`, `packages/core/src/recipe/index.ts`. */
export function entryPoints(): ReadonlyMap<string, string> {
  const manifests = globSync('packages/*/package.json', { cwd: root }).sort();
  return new Map(
    manifests.flatMap((manifest) => {
      const { name, exports = {} } = JSON.parse(readFileSync(join(root, manifest), 'utf8'));
      return Object.entries(exports as Record<string, unknown>)
        .filter(([, file]) => typeof file === 'string' && file.endsWith('.ts'))
        .map(([path, file]) => [join(name, path), join(dirname(manifest), String(file))] as const);
    }),
  );
}
