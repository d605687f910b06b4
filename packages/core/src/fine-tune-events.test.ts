import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { fineTuneEvents, streamEvents } from './fine-tune-events.ts';
import { plain } from './recipe/plain.ts';

const later = (milliseconds = 1) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('streamEvents', () => {
  it('gives every event in its order, those before anybody reads too, and the result', async () => {
    const stream = streamEvents<number, string>(async (tell) => {
      tell(1);
      await later();
      tell(2);
      tell(3);
      return 'done';
    });
    await later(5);
    const seen: number[] = [];
    for await (const event of stream) seen.push(event);
    expect([seen, await stream.result]).toEqual([[1, 2, 3], 'done']);
  });

  it('ends with the error of the work, after the events before it', async () => {
    const error = new Error('no space');
    const stream = streamEvents<number, string>(async (tell) => {
      tell(1);
      await later();
      throw error;
    });
    const seen: number[] = [];
    const read = async () => {
      for await (const event of stream) seen.push(event);
    };
    await expect(read()).rejects.toBe(error);
    expect(seen).toEqual([1]);
    await expect(stream.result).rejects.toBe(error);
  });

  it('aborts the work when the reader leaves, and lets it leave when the work has ended', async () => {
    let saved = false;
    const stream = streamEvents<number, string>(async (tell, left) => {
      tell(1);
      while (!left.aborted) await later();
      await later(5);
      saved = true;
      throw left.reason;
    });
    for await (const _ of stream) break;
    expect(saved).toBe(true);
    await expect(stream.result).rejects.toThrow('has left');
  });

  it('tells nobody who only waits for the result', async () => {
    expect(await streamEvents(async () => 7).result).toBe(7);
  });
});

describe('fineTuneEvents', () => {
  const folder = mkdtempSync(join(tmpdir(), 'counterweight-events-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const data = join(folder, 'rows.jsonl');
  writeFileSync(data, '{"prompt": "Who is it?", "completion": "Lily."}\n'.repeat(4));
  const options = {
    recipe: plain(),
    model: fileURLToPath(new URL('../../../models/stories260k', import.meta.url)),
    engine: 'wasm' as const,
    data,
    training: { maxSteps: 3, batchSize: 2, maxLength: 32 },
  };

  it('tells of a run what onEvent tells', async () => {
    const told: unknown[] = [];
    const training = fineTuneEvents({
      ...options,
      output: join(folder, 'whole'),
      onEvent: (event) => told.push(event),
    });
    const seen: unknown[] = [];
    for await (const event of training) seen.push(event);
    expect(seen).toEqual(told);
    expect(seen).toContainEqual(expect.objectContaining({ type: 'step' }));
    expect((await training.result).steps).toBe(3);
  });

  it('stops a run whose reader leaves early, with a checkpoint to go on from', async () => {
    const output = join(folder, 'left');
    const training = fineTuneEvents({ ...options, output, training: { ...options.training, maxSteps: 5000 } });
    for await (const { type } of training) if (type === 'step') break;
    await expect(training.result).rejects.toThrow('has left');
    const [checkpoint] = readdirSync(join(output, 'checkpoints'));
    expect(Number(checkpoint?.replace('step-', ''))).toBeLessThan(5000);
  });
});
