import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it, type TestContext, vi } from 'vitest';
import {
  type FineTuneResult,
  fineTune,
  type TrainingEvent,
  type TrainingOptionsInput,
} from '../../packages/core/src/index.ts';
import { plain } from '../../packages/core/src/recipe/plain.ts';
import { counterweight, model, newFolder } from './command.ts';

const folder = newFolder();
const data = join(folder, 'rows.jsonl');
const disks: string[] = [];
let reference: string;

beforeAll(async () => {
  const rows = Array.from({ length: 8 }, (_, i) => ({ prompt: `There were ${i} cats`, completion: ` and ${i} dogs` }));
  writeFileSync(data, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  vi.stubEnv('COUNTERWEIGHT_HOME', join(folder, 'home'));
  const { result } = await trained(join(folder, 'reference'));
  reference = weightsIn(join(result?.run as string, 'model'));
});
afterEach(() => {
  for (const disk of disks.splice(0)) execFileSync('umount', ['--lazy', disk]);
});

/** A disk of so many bytes. Needs the right to mount one. */
function disk(context: TestContext, bytes: number, ...options: string[]): string {
  const path = join(folder, `disk-${readdirSync(folder).length}`);
  mkdirSync(path);
  try {
    const flags = [`size=${bytes}`, ...options].join(',');
    execFileSync('mount', ['-t', 'tmpfs', '-o', flags, 'tmpfs', path], { stdio: 'ignore' });
  } catch {
    context.skip('small disks cannot be mounted here');
  }
  disks.push(path);
  return path;
}

const enlarge = (path: string) => execFileSync('mount', ['-o', 'remount,size=64m', path]);

const weightsIn = (model: string): string =>
  createHash('sha256')
    .update(readFileSync(join(model, 'model.safetensors')))
    .digest('hex');

interface Tried {
  readonly events: readonly TrainingEvent[];
  readonly result?: FineTuneResult;
  readonly error?: Error & { code?: string; where?: string; fix?: string };
}

async function trained(
  output: string,
  {
    resume = false,
    onEvent,
    ...training
  }: TrainingOptionsInput & { resume?: boolean; onEvent?: (event: TrainingEvent) => void } = {},
): Promise<Tried> {
  const events: TrainingEvent[] = [];
  try {
    const result = await fineTune({
      recipe: plain(),
      model,
      engine: 'wasm',
      data,
      output,
      resume,
      training: {
        method: 'full',
        maxSteps: 4,
        batchSize: 2,
        checkpointEvery: 1,
        saveWaitSeconds: 0,
        cache: false,
        ...training,
      },
      onEvent(event) {
        events.push(event);
        onEvent?.(event);
      },
    });
    return { events, result };
  } catch (error) {
    return { events, error: error as Error };
  }
}

// The result takes 1.1 MB, and a checkpoint 3.1.
const SIZES = [
  4, 8, 16, 64, 256, 512, 1000, 1050, 1100, 1150, 1200, 1500, 2000, 3000, 3200, 4000, 4500, 6500, 8000, 12_000,
];

describe('a disk that is too small', () => {
  it.for(SIZES)('loses nothing and keeps nothing wrong: %i KiB', async (kibibytes, context) => {
    const path = disk(context, kibibytes * 1024);
    const output = join(path, 'run');
    const { result, error } = await trained(output);
    if (result) {
      expect(weightsIn(join(output, 'model'))).toBe(reference);
      expect(readFileSync(join(output, 'metrics.jsonl'), 'utf8').split('\n')).toHaveLength(5);
      return;
    }
    expect(error).toMatchObject({ name: 'UserError', code: 'output-unwritable' });
    expect(error?.where).toContain(path);
    expect(existsSync(join(output, 'model'))).toBe(false);
    const elsewhere = /saved in (\S+) instead/.exec(error?.fix ?? '')?.[1];
    if (elsewhere) expect(weightsIn(elsewhere)).toBe(reference);
    enlarge(path);
    const again = await trained(output, { resume: existsSync(join(output, 'run.json')) });
    expect(again.error).toBeUndefined();
    expect(weightsIn(join(output, 'model'))).toBe(reference);
  });

  it('that fills up while it trains is waited for at the end', async (context) => {
    const path = disk(context, 16 * 2 ** 20);
    const filler = join(path, 'filler');
    const { result, events } = await trained(join(path, 'run'), {
      saveWaitSeconds: 60,
      onEvent(event) {
        if (event.type === 'step' && event.metrics.step === 2) fill(filler);
        if (event.type === 'saving-failed' && event.secondsLeft !== null) rmSync(filler);
      },
    });
    expect(result?.steps).toBe(4);
    expect(events).toContainEqual({
      type: 'saving-failed',
      path: expect.stringContaining(path) as string,
      message: 'There is no space left on the disk.',
      secondsLeft: expect.any(Number) as number,
    });
    expect(weightsIn(join(path, 'run/model'))).toBe(reference);
    const steps = readFileSync(join(path, 'run/metrics.jsonl'), 'utf8').trim().split('\n');
    expect(steps.map((line) => (JSON.parse(line) as { step: number }).step)).toEqual([1, 2, 3, 4]);
  });

  it('that stays full does not lose the result: it is saved elsewhere', async (context) => {
    const path = disk(context, 16 * 2 ** 20);
    const { error } = await trained(join(path, 'run'), {
      onEvent: (event) => event.type === 'step' && event.metrics.step === 4 && fill(join(path, 'filler')),
    });
    expect(error).toMatchObject({ code: 'output-unwritable' });
    const elsewhere = /saved in (\S+) instead/.exec(error?.fix ?? '')?.[1] as string;
    expect(weightsIn(elsewhere)).toBe(reference);
  });
});

/** Until nothing more goes onto the disk. */
function fill(file: string): void {
  try {
    writeFileSync(file, Buffer.alloc(64 * 2 ** 20));
  } catch {
    // It is full now.
  }
}

describe('an output that cannot be', () => {
  const train = (output: string) => counterweight(['train', '--model', model, '--data', data, '--output', output]);

  it('is refused before the work: a file, and a place below one', async () => {
    for (const output of [data, join(data, 'run')]) {
      const { code, stderr } = await train(output);
      expect(code, stderr).toBe(2);
      expect(stderr).toContain(data);
      expect(stderr).toContain('--output');
    }
  });

  it('is refused before the work: a disk that is read-only', async (context) => {
    const path = disk(context, 2 ** 20, 'ro');
    const { code, stderr } = await train(join(path, 'run'));
    expect(code, stderr).toBe(2);
    expect(stderr).toMatch(
      /read-only[\s\S]*where: .*disk-[\s\S]*fix: {3}Mount it for writing, or choose another --output/,
    );
  });

  it('is refused before the work: a disk without room for the result', async (context) => {
    const path = disk(context, 512 * 1024);
    const output = join(path, 'run');
    const { code, stderr } = await counterweight([
      'train',
      '--model',
      model,
      '--data',
      data,
      '--output',
      output,
      '--method',
      'full',
    ]);
    expect(code, stderr).toBe(2);
    expect(stderr).toMatch(/no room for the result: it takes 1.0 MB/);
    expect(existsSync(output)).toBe(false);
  });
});

it('of two runs in one folder the second is refused, and the first is whole', async () => {
  const output = join(folder, 'shared');
  const args = ['train', '--model', model, '--data', data, '--output', output, '--max-steps', '6', '--engine', 'wasm'];
  const both = await Promise.all([counterweight(args), counterweight(args)]);
  expect(both.map(({ code }) => code).sort()).toEqual([0, 2]);
  expect(both.find(({ code }) => code === 2)?.stderr).toMatch(/Another run is going on in this folder|not empty/);
  const steps = readFileSync(join(output, 'metrics.jsonl'), 'utf8').trim().split('\n');
  expect(steps.map((line) => (JSON.parse(line) as { step: number }).step)).toEqual([1, 2, 3, 4, 5, 6]);
});
