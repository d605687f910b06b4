import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { packageFiles, releaseVersion } from './packages.ts';
import { platforms } from './platforms.ts';

const packages = fileURLToPath(new URL('../../packages', import.meta.url));
const read = (path: string) => readFileSync(join(packages, path), 'utf8');

describe.each(platforms)('the package of $name', (platform) => {
  it('is what the table says (`pnpm build:engine --packages` writes it)', async () => {
    const expected = packageFiles(platform, await releaseVersion(packages));
    for (const [path, text] of Object.entries(expected)) expect(read(`engine-${platform.name}/${path}`)).toBe(text);
  });
});

it('comes with core, each of them, where it fits', () => {
  const core = JSON.parse(read('core/package.json')) as { optionalDependencies: Record<string, string> };
  const expected = platforms.map(({ name }) => [`@counterweight/engine-${name}`, 'workspace:*']);
  expect(core.optionalDependencies).toEqual(Object.fromEntries(expected));
});
