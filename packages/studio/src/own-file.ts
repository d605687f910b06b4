import { createRequire } from 'node:module';
import { join } from 'node:path';

/**
 * Where a program of the studio's own lies, from source and from `dist` alike: the package finds itself by name.
 * @param name from `src`, without its ending: `jobs/run-job`
 */
export function ownFile(name: string): string {
  const root = join(createRequire(import.meta.url).resolve('@counterweight/studio/package.json'), '..');
  return join(root, import.meta.url.endsWith('.ts') ? `src/${name}.ts` : `dist/${name}.js`);
}
