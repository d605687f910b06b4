import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { theCore } from '../core.ts';
import { lastJson, runWith } from '../test-support.ts';
import { cacheClean } from './cache-clean.ts';
import { engineRemove } from './engine-remove.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'counterweight-home-'));
  vi.stubEnv('COUNTERWEIGHT_HOME', home);
  for (const folder of ['cache/tokenized', 'engines/tfjs-node']) {
    mkdirSync(join(home, folder), { recursive: true });
    writeFileSync(join(home, folder, 'file'), 'x'.repeat(2000));
  }
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true });
});

const counterweight = (argv: string[]) => runWith([cacheClean, engineRemove], argv, { core: theCore });

it('cache clean takes away what can be made again, and names the rest', async () => {
  const asked = await counterweight(['cache', 'clean', '--dry-run']);
  expect(asked.stdout).toMatch(/Would go, 2\.0 kB:[\s\S]*tokenized rows[\s\S]*Left:[\s\S]*engine remove/);
  expect(existsSync(join(home, 'cache/tokenized/file'))).toBe(true);
  const { exitCode, stdout } = await counterweight(['cache', 'clean', '--json']);
  expect(exitCode).toBe(0);
  expect(lastJson(stdout)).toMatchObject({
    freedBytes: 2000,
    removed: [{ kind: 'tokenized' }],
    left: [{ kind: 'engines' }],
  });
  expect(existsSync(join(home, 'cache/tokenized'))).toBe(false);
  expect((await counterweight(['cache', 'clean'])).stdout).toContain('nothing to clean');
});

it('engine remove takes away TensorFlow', async () => {
  expect(lastJson((await counterweight(['engine', 'remove', '--json'])).stdout)).toEqual({
    removed: join(home, 'engines'),
    freedBytes: 2000,
  });
  expect(existsSync(join(home, 'cache/tokenized/file'))).toBe(true);
  expect((await counterweight(['engine', 'remove'])).stdout).toContain('None was installed');
});
