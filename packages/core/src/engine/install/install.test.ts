import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { exists } from '../../files/process-identity.ts';
import { describeInstallation, installEngine } from './install.ts';
import { engineFolder, findInstallPlan } from './install-plan.ts';
import { manifestName } from './native-package.ts';

let home: string;
let tools: string;

beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'counterweight-'));
  home = join(folder, 'home');
  tools = join(folder, 'tools');
  await mkdir(tools);
  vi.stubEnv('COUNTERWEIGHT_HOME', home);
  vi.stubEnv('CXX', '');
  vi.stubEnv('PATH', tools);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(join(home, '..'), { recursive: true });
});

/** A program that does nothing, or fails with a message whenever its arguments hold a certain word. */
async function addTool(name: string, failure?: { readonly at: string; readonly message: string }): Promise<void> {
  const script = failure ? `case "$*" in *"${failure.at}"*) echo "${failure.message}" >&2; exit 1;; esac` : 'exit 0';
  await writeFile(join(tools, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(tools, name), 0o755);
}

describe.skipIf(!findInstallPlan('tfjs-node'))('installEngine', () => {
  it('names every tool that is missing before it downloads anything', async () => {
    const attempt = installEngine();
    await expect(attempt).rejects.toMatchObject({
      code: 'engine-unavailable',
      message: expect.stringMatching(/npm, python3, a C\+\+ compiler \(c\+\+\)[\s\S]*WebAssembly/),
    });
    await expect(readdir(home)).rejects.toThrow(/ENOENT/);
  });

  it('tells a missing pip from a missing Python', async () => {
    await addTool('npm');
    await addTool('c++');
    await addTool('python3', { at: '-m pip', message: 'No module named pip' });
    await expect(installEngine()).rejects.toThrow(/not found on this machine: pip for python3 \(`python3 -m pip`\)\n/);
  });

  it('passes on what a tool had to say, and leaves nothing half-built behind', async () => {
    await addTool('c++');
    await addTool('python3');
    await addTool('npm', { at: 'install', message: 'network is unreachable' });
    const progress: string[] = [];
    const attempt = installEngine({ onProgress: (line) => progress.push(line) });
    await expect(attempt).rejects.toThrow(/npm failed:\n +network is unreachable[\s\S]*WebAssembly/);
    expect(progress).toEqual(['fetching tfjs-node 4.22.0 with npm (15 MB)']);
    expect(await readdir(join(home, 'engines'))).toEqual([]);
  });

  it('ends the program that is at work, and those that it has started, when it is told to stop', async () => {
    await addTool('c++');
    await addTool('python3');
    // npm hands the work to another program and waits for it, as pip does.
    const script =
      'case "$*" in *install*) (echo $BASHPID >"$COUNTERWEIGHT_HOME/pid"; exec /bin/sleep 600) & wait;; esac';
    await writeFile(join(tools, 'npm'), `#!/bin/bash\n${script}\n`, { mode: 0o755 });
    const controller = new AbortController();
    const stopped = new Error('stopped');
    const attempt = installEngine({ signal: controller.signal });
    const pid = async (): Promise<number> => Number(await readFile(join(home, 'pid'), 'utf8').catch(() => ''));
    await vi.waitUntil(async () => (await pid()) > 0, { timeout: 20_000 });
    controller.abort(stopped);
    await expect(attempt).rejects.toBe(stopped);
    expect(await readdir(join(home, 'engines'))).toEqual([]);
    const sleeping = await pid();
    await vi.waitUntil(() => !exists(sleeping), { timeout: 20_000 });
  });

  it('removes what an installation left that was ended on the way', async () => {
    for (const tool of ['npm', 'python3', 'c++']) await addTool(tool);
    await addTool('npm', { at: 'install', message: 'network is unreachable' });
    const folder = engineFolder('tfjs-node');
    const [abandoned, going] = [`${folder}.partial-${2 ** 22 + 1}`, `${folder}.partial-${process.ppid}`];
    for (const one of [abandoned, going]) await mkdir(one, { recursive: true });
    await expect(installEngine()).rejects.toThrow('unreachable');
    expect(await readdir(join(home, 'engines'))).toEqual([basename(going)]);
  });

  it('does nothing when the engine is there', async () => {
    const folder = engineFolder('tfjs-node');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'package.json'), '{ "version": "4.22.0" }');
    await writeFile(join(folder, 'binding.node'), '');
    const manifest = { package: '', binding: 'binding.node', preload: '', library: '' };
    await writeFile(join(folder, manifestName), JSON.stringify(manifest));
    expect(describeInstallation().installed).toBe(true);
    expect(await installEngine()).toEqual({ folder });
  });
});

describe('describeInstallation', () => {
  it.skipIf(!findInstallPlan('tfjs-node'))('says what will be downloaded, and how much', () => {
    const plan = describeInstallation();
    expect(plan).toMatchObject({ engine: 'tfjs-node', installed: false, folder: engineFolder('tfjs-node') });
    expect(plan.folder.startsWith(home)).toBe(true);
    expect(plan.downloads.map(({ by }) => by)).toEqual(['npm', 'pip']);
    expect(plan.downloadMegabytes).toBe(plan.downloads.reduce((sum, { megabytes }) => sum + megabytes, 0));
  });

  it('has plans for Linux and Apple silicon, and for NVIDIA on Linux', () => {
    expect(findInstallPlan('tfjs-node', 'linux-arm64')?.wheels[0]?.requirement).toMatch(/^tensorflow==/);
    expect(findInstallPlan('tfjs-node', 'darwin-arm64')?.libraries[0]).toMatch(/\.dylib$/);
    expect(findInstallPlan('tfjs-node-gpu', 'linux-x64')?.wheels.length).toBeGreaterThan(1);
    expect(findInstallPlan('tfjs-node', 'win32-x64')).toBeUndefined();
  });
});
