import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { findNativePackage } from './install/native-package.ts';
import { describeMachine, measureProducts } from './measure.ts';
import { openEngine } from './open-engine.ts';
import { surveyEngines } from './survey.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe('surveyEngines', () => {
  it('says of every engine whether it is usable, and if not why and what to do', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'counterweight-'));
    vi.stubEnv('COUNTERWEIGHT_ENGINE_FILE', join(empty, 'missing.node'));
    vi.stubEnv('COUNTERWEIGHT_HOME', empty);
    vi.spyOn(process, 'cwd').mockReturnValue(empty);
    const survey = await surveyEngines();
    expect(survey.map(({ name, usable }) => [name, usable])).toEqual([
      ['tfjs-node-gpu', false],
      ['native', false],
      ['tfjs-node', false],
      ['wasm', true],
    ]);
    for (const entry of survey)
      if (!entry.usable) expect(`${entry.reason}. ${entry.fix}`).toMatch(/engine|missing\.node/);
    await rm(empty, { recursive: true });
  });

  it.skipIf('reason' in findNativePackage('tfjs-node'))('tries the native engine that is installed here', async () => {
    const native = (await surveyEngines()).find(({ name }) => name === 'tfjs-node');
    expect(native).toMatchObject({ usable: true, description: expect.stringMatching(/^TensorFlow \d+\.\d+/) });
  });
});

it('names the operations that our own engine leaves to tfjs', async () => {
  const wasm = (await surveyEngines()).find(({ name }) => name === 'wasm');
  expect(wasm).toMatchObject({ usable: true, leftToTfjs: expect.arrayContaining(['Conv2D', 'TopK']) });
});

describe('measureProducts', () => {
  it('gives plausible speeds, measured once, and leaves no tensor behind', async () => {
    await openEngine('wasm');
    const before = tf.memory().numTensors;
    const speeds = await measureProducts();
    const { f32, bf16 = Number.NaN, faster } = speeds;
    for (const speed of [f32, bf16]) {
      expect(speed).toBeGreaterThan(0.1);
      expect(speed).toBeLessThan(1e6);
    }
    expect(faster).toBe(bf16 > 1.1 * f32 ? 'bf16' : 'f32');
    expect(await measureProducts()).toBe(speeds);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('describeMachine', () => {
  it('knows processors and memory', () => {
    const machine = describeMachine();
    expect(machine.cpuCount).toBeGreaterThan(0);
    expect(machine.freeBytes).toBeGreaterThan(0);
    expect(machine.freeBytes).toBeLessThanOrEqual(machine.totalBytes);
  });
});
