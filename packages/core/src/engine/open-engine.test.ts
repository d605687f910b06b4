import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { engineFolder } from './install/install-plan.ts';
import { findNativePackage, manifestName } from './install/native-package.ts';

let empty: string;

/** A door that has not been opened yet. */
async function newDoor() {
  vi.resetModules();
  return { ...(await import('./open-engine.ts')), ...(await import('../tensor/engine.ts')) };
}

beforeEach(async () => {
  empty = await mkdtemp(join(tmpdir(), 'counterweight-'));
  vi.stubEnv('COUNTERWEIGHT_ENGINE', '');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await rm(empty, { recursive: true });
});

/** No native engine far and wide, but WebAssembly's. */
function hideNativeEngines(): void {
  vi.stubEnv('COUNTERWEIGHT_ENGINE_FILE', join(empty, 'missing.node'));
  vi.stubEnv('COUNTERWEIGHT_HOME', empty);
  vi.spyOn(process, 'cwd').mockReturnValue(empty);
}

async function product(): Promise<number[]> {
  const [a, b] = [tf.tensor2d([[1, 2]]), tf.tensor2d([[3], [4]])];
  const result = tf.matMul(a, b);
  const values = [...(await result.data())];
  tf.dispose([a, b, result]);
  return values;
}

describe('openEngine', () => {
  it('opens WebAssembly, which multiplies', async () => {
    const { openEngine, currentEngine } = await newDoor();
    const engine = await openEngine('wasm');
    expect(engine.name).toBe('wasm');
    expect(currentEngine()).toBe(engine);
    expect(tf.getBackend()).toBe('wasm');
    const before = tf.memory().numTensors;
    expect(await product()).toEqual([11]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it("leaves errors of the program to Node, not to WebAssembly's listeners", async () => {
    const before = process.listeners('uncaughtException').length;
    const { openEngine } = await newDoor();
    await openEngine('wasm');
    expect(process.listeners('uncaughtException')).toHaveLength(before);
  });

  it('opens once, however often and however fast it is asked', async () => {
    const { openEngine } = await newDoor();
    const [first, second] = await Promise.all([openEngine('wasm'), openEngine('auto')]);
    expect(second).toBe(first);
    expect(await openEngine('wasm')).toBe(first);
  });

  it('lets COUNTERWEIGHT_ENGINE decide what auto is', async () => {
    vi.stubEnv('COUNTERWEIGHT_ENGINE', 'wasm');
    const { openEngine } = await newDoor();
    expect((await openEngine()).name).toBe('wasm');
  });

  it('says which engines there are when COUNTERWEIGHT_ENGINE names none', async () => {
    vi.stubEnv('COUNTERWEIGHT_ENGINE', 'abacus');
    const { openEngine } = await newDoor();
    await expect(openEngine()).rejects.toMatchObject({
      code: 'option-invalid',
      message: expect.stringMatching(
        /"abacus"[\s\S]*COUNTERWEIGHT_ENGINE[\s\S]*tfjs-node-gpu, native, tfjs-node, wasm/,
      ),
    });
  });

  it('refuses a named engine that is not there, with the fix, and works on afterwards', async () => {
    hideNativeEngines();
    const { openEngine } = await newDoor();
    await expect(openEngine('tfjs-node')).rejects.toMatchObject({
      name: 'UserError',
      code: 'engine-unavailable',
      fix: expect.stringContaining('counterweight engine install'),
    });
    await expect(openEngine('tfjs-node-gpu')).rejects.toMatchObject({ fix: expect.stringContaining('--gpu') });
    await expect(openEngine('native')).rejects.toMatchObject({
      problem: expect.stringContaining('missing.node, which is not there'),
      fix: expect.stringContaining('optional dependencies'),
    });
    expect((await openEngine('auto')).name).toBe('wasm');
  });

  it('falls back to WebAssembly when the installed engine is broken, and says why when it is named', async () => {
    hideNativeEngines();
    await installBrokenEngine();
    const { openEngine } = await newDoor();
    await expect(openEngine('tfjs-node')).rejects.toThrow(/does not load/);
    expect((await openEngine('auto')).name).toBe('wasm');
  });
});

async function installBrokenEngine(): Promise<void> {
  const folder = engineFolder('tfjs-node');
  await mkdir(join(folder, 'package'), { recursive: true });
  await writeFile(join(folder, 'package', 'package.json'), '{ "version": "0.0.0" }');
  await writeFile(join(folder, 'broken.node'), 'not a library');
  const manifest = { package: 'package', binding: 'broken.node', preload: 'broken.node', library: 'broken.so' };
  await writeFile(join(folder, manifestName), JSON.stringify(manifest));
}

describe.skipIf('reason' in findNativePackage('tfjs-node'))('the native engine that is installed here', () => {
  it('computes on tensors of our own tfjs-core and counts them', async () => {
    const { openEngine } = await newDoor();
    const engine = await openEngine('tfjs-node');
    expect(engine).toMatchObject({ name: 'tfjs-node', fusedKernels: false });
    expect(tf.getBackend()).toBe('tensorflow');
    const before = tf.memory().numTensors;
    expect(await product()).toEqual([11]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('takes over tensors that WebAssembly made', async () => {
    const { openEngine } = await newDoor();
    await openEngine('wasm');
    const made = tf.tensor1d([1, 2, 3]);
    await openEngine('tfjs-node');
    const sum = tf.sum(made);
    expect(await sum.data()).toEqual(new Float32Array([6]));
    tf.dispose([made, sum]);
  });

  it('writes nothing to the terminal', async () => {
    const door = JSON.stringify(new URL('./open-engine.ts', import.meta.url).href);
    const program = `const { openEngine } = await import(${door}); console.log((await openEngine('tfjs-node')).name);`;
    const environment = { ...process.env };
    delete environment.TF_CPP_MIN_LOG_LEVEL;
    const run = promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], { env: environment });
    expect(await run).toEqual({ stdout: 'tfjs-node\n', stderr: '' });
  });
});
