import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { address, described, linkedPaths, publicPackages, readJson, root, withAbsoluteLinks } from './metadata.ts';

it('makes links that hold on a registry’s page', () => {
  expect(
    withAbsoluteLinks('[a](../../docs/runs.md#lock) [b](../core) [c](https://x.y/z) [d](#here)', 'packages/cli'),
  ).toBe(
    `[a](${address}/blob/main/docs/runs.md#lock) [b](${address}/tree/main/packages/core) [c](https://x.y/z) [d](#here)`,
  );
});

describe.each(publicPackages())('%s', (folder) => {
  const manifest = readJson(join(root, folder, 'package.json'));
  const readme = readFileSync(join(root, folder, 'README.md'), 'utf8');

  it('says whose it is and where it lies (`pnpm metadata` writes it)', () => {
    for (const [name, text] of Object.entries(described(folder))) {
      expect(readFileSync(join(root, folder, name), 'utf8')).toBe(text);
    }
  });

  it('can be found, and says for which Node it is', () => {
    expect(manifest.keywords).toEqual(expect.arrayContaining(['counterweight']));
    expect((manifest.keywords as string[]).length).toBeGreaterThan(2);
    expect(manifest.description).toMatch(/\w{3}/);
    expect(manifest.license).toMatch(/^(Apache-2\.0|MIT)$/);
    expect(manifest.engines).toEqual(readJson(join(root, 'packages/core/package.json')).engines);
    expect(manifest.publishConfig).toMatchObject({ access: 'public' });
  });

  it('links to what is there', () => {
    for (const path of linkedPaths(readme)) expect(existsSync(join(root, path)), path).toBe(true);
  });
});
