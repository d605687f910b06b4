import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { addKernels } from './compile-kernels.ts';
import type { InstallPlan } from './install-plan.ts';
import { manifestName } from './native-package.ts';

it('leaves an engine without kernels as it was where they do not compile, and says why', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'counterweight-'));
  const compiler = join(folder, 'compiler');
  await writeFile(compiler, '#!/bin/sh\necho "error: no such instruction" >&2\nexit 1\n', { mode: 0o755 });
  const manifest = { package: 'package', binding: 'binding.node', preload: 'preload.node', library: 'library.so' };
  const plan: InstallPlan = {
    engine: 'tfjs-node',
    platform: 'linux-x64',
    wheels: [],
    platformTags: [],
    libraries: [],
    linkerFlags: [],
  };
  expect(await addKernels(compiler, plan, { folder, manifest })).toMatch(/no such instruction$/);
  expect(JSON.parse(await readFile(join(folder, manifestName), 'utf8'))).toEqual(manifest);
  await rm(folder, { recursive: true });
});
