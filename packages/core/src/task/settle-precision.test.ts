import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openEngine } from '../engine/open-engine.ts';
import { plain } from '../recipe/plain.ts';
import { planSweep } from '../sweep.ts';
import { currentEngine, setCurrentEngine } from '../tensor/engine.ts';
import { counting, model, newRun, path, stopped, tried } from '../test-support/small-runs.ts';
import type { TrainingOptionsInput } from '../training/options.ts';
import { openModel } from './open-model.ts';
import { openTask } from './open-task.ts';
import { settlePrecision } from './settle-precision.ts';

const machine = vi.hoisted(() => ({ faster: 'f32' as 'f32' | 'bf16' }));
vi.mock('../engine/measure.ts', async (original) => ({
  ...(await original<typeof import('../engine/measure.ts')>()),
  measureProducts: async () => ({ f32: 1, bf16: 1, faster: machine.faster }),
}));

const batches = { batch: { rows: 8, length: 64 }, evaluation: undefined };
const PRECISIONS = ['f32', 'bf16'] as const;

async function settled(training: TrainingOptionsInput, circumstances: { prefersF32?: boolean } = {}) {
  const task = await openTask({ recipe: plain(), model, training });
  return (await settlePrecision(task, { batches, ...circumstances })).training.precision;
}

const precisionIn = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8')).training.precision;

describe('the precision auto', () => {
  it.each(PRECISIONS)('is %s where that is faster', async (faster) => {
    machine.faster = faster;
    await openEngine('wasm');
    expect(await settled({})).toBe(faster);
    expect(await settled({ precision: 'f32' })).toBe('f32');
    expect(await settled({ precision: 'bf16' })).toBe('bf16');
  });

  it('is f32 where every weight is trained, and where what f32 shows counts for more', async () => {
    machine.faster = 'bf16';
    await openEngine('wasm');
    expect(await settled({ method: 'full' })).toBe('f32');
    expect(await settled({}, { prefersF32: true })).toBe('f32');
  });

  describe('with another engine', () => {
    afterEach(async () => setCurrentEngine(await openEngine('wasm')));

    it('is bf16 where f32 does not fit', async () => {
      machine.faster = 'f32';
      const engine = await openEngine('wasm');
      setCurrentEngine({ ...engine, addressableBytes: 1e6 });
      expect(await settled({})).toBe('bf16');
    });

    it('is f32 where there is nothing else', async () => {
      machine.faster = 'bf16';
      const engine = await openEngine('wasm');
      setCurrentEngine({ ...engine, fusedKernels: false });
      expect(await settled({})).toBe('f32');
      await expect(settled({ precision: 'bf16' })).rejects.toThrow(/leave the precision at auto/);
    });
  });
});

describe('a run with the precision auto', () => {
  it.each(PRECISIONS)('goes on in %s on a machine where the other one is faster', async (faster) => {
    machine.faster = faster;
    const training = { precision: 'auto' } as const;
    const output = await stopped(2, { training });
    expect(precisionIn(join(output, 'run.json'))).toBe(faster);
    const whole = await tried({ training });
    machine.faster = faster === 'f32' ? 'bf16' : 'f32';
    const { events, error } = await tried({ training, output, resume: true });
    expect(error).toBeUndefined();
    expect(events.find(({ type }) => type === 'start')).toMatchObject({ precision: faster });
    const lossesOf = (run: string) => readFileSync(join(run, 'metrics.jsonl'), 'utf8').match(/"loss":[\d.]+/g);
    expect(lossesOf(output)).toEqual(lossesOf(whole.output));
  });
});

it('is one for a whole sweep, and stays what it was planned with', async () => {
  machine.faster = 'bf16';
  const given = {
    ...{ recipe: counting, model, engine: 'wasm' as const, data: path('rows.jsonl'), evalSplit: 0.5 },
    ...{ weights: [0, 1], seeds: 1, neutral: ['Once there was a cat.'], output: newRun() },
  };
  const { plan } = await planSweep(given);
  expect(plan.training.precision).toBe('bf16');
  machine.faster = 'f32';
  expect((await planSweep(given)).plan.training.precision).toBe('bf16');
  machine.faster = 'bf16';
  const both = await planSweep({ ...given, output: newRun(), vary: { method: ['lora', 'full'] } });
  expect(both.plan.training.precision).toBe('f32');
});

/** Copies the model with its weights cut to bfloat16. */
function inBfloat16(folder: string): string {
  cpSync(model, folder, { recursive: true });
  const file = join(folder, 'model.safetensors');
  const bytes = readFileSync(file);
  const start = 8 + Number(bytes.readBigUInt64LE());
  const header = JSON.parse(bytes.toString('utf8', 8, start));
  for (const [name, info] of Object.entries<{ dtype: string; data_offsets: number[] }>(header)) {
    if (name === '__metadata__') continue;
    Object.assign(info, { dtype: 'BF16', data_offsets: info.data_offsets.map((offset) => offset / 2) });
  }
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const data = new Uint8Array(bytes.subarray(start));
  const upper = new Uint16Array(data.buffer).filter((_, i) => i % 2 === 1);
  writeFileSync(file, Buffer.concat([length, text, Buffer.from(upper.buffer)]));
  return folder;
}

describe('a model that is used', () => {
  const opened = async (folder: string, adapter?: string) => {
    const task = await openTask({ recipe: plain(), model: folder, ...(adapter !== undefined && { adapter }) });
    const { decoder, dispose } = await openModel(task, { engine: 'wasm' });
    dispose();
    return decoder.parameters.precision;
  };

  it('stays as it is stored where that is f32: training every weight left it so', async () => {
    machine.faster = 'bf16';
    expect(await opened(model)).toBe('f32');
    expect(currentEngine().name).toBe('wasm');
  });

  it('is in the faster one otherwise, also under an adapter', async () => {
    machine.faster = 'bf16';
    const stored = inBfloat16(path('bfloat16'));
    expect(await opened(stored)).toBe('bf16');
    const { output } = await tried();
    expect(await opened(model, join(output, 'adapter'))).toBe('bf16');
    machine.faster = 'f32';
    expect(await opened(stored)).toBe('f32');
  });
});
