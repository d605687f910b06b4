import { cpSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { fineTune, type TrainingEvent } from '../../packages/core/src/index.ts';
import { plain } from '../../packages/core/src/recipe/plain.ts';
import { model, newFolder } from './command.ts';

const folder = newFolder();
const data = join(folder, 'rows.jsonl');
const whole = join(folder, 'whole');
const stopped = join(folder, 'stopped');

async function train(output: string, options: { resume?: boolean; stopAfter?: number } = {}): Promise<TrainingEvent[]> {
  const events: TrainingEvent[] = [];
  const stop = new AbortController();
  const steps = { maxSteps: 6, batchSize: 2, checkpointEvery: 2, evaluateEvery: 2 };
  const training = { ...steps, loraRank: 2, precision: 'f32', cache: false } as const;
  await fineTune({
    recipe: plain(),
    model,
    engine: 'wasm',
    data,
    evalSplit: 0.25,
    output,
    training,
    resume: options.resume,
    signal: stop.signal,
    onEvent(event) {
      events.push(event);
      if (event.type === 'step' && event.metrics.step === options.stopAfter) stop.abort();
    },
  }).catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
  return events;
}

beforeAll(async () => {
  const rows = Array.from({ length: 12 }, (_, i) => ({ prompt: `There were ${i} cats`, completion: ` and ${i} dogs` }));
  writeFileSync(data, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  await train(whole);
  await train(stopped, { stopAfter: 5 });
});

const FILES = ['SHA256SUMS', 'evaluations.jsonl', 'metrics.jsonl', 'progress.json', 'state.safetensors'];
const DAMAGES: Readonly<Record<string, (file: string) => void>> = {
  'a flipped bit in the middle': (file) => flip(file, Math.floor(readFileSync(file).length / 2)),
  'a flipped bit at the end': (file) => flip(file, readFileSync(file).length - 2),
  'its end cut off': (file) => truncateSync(file, readFileSync(file).length - 3),
  'nothing in it': (file) => truncateSync(file, 0),
  'another name': (file) => rmSync(file),
};

function flip(file: string, at: number): void {
  const bytes = readFileSync(file);
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  writeFileSync(file, bytes);
}

const resultOf = (output: string) => [
  readFileSync(join(output, 'adapter/adapter_model.safetensors')).toString('base64'),
  readFileSync(join(output, 'evaluations.jsonl'), 'utf8'),
  readFileSync(join(output, 'metrics.jsonl'), 'utf8')
    .split('\n')
    .map((line) => /^\{"step":\d+,"epoch":\d+,"loss":[^,]+/.exec(line)?.[0]),
];

it('a checkpoint has no other files than those that are damaged here', () => {
  expect(readdirSync(join(stopped, 'checkpoints/step-000005')).sort()).toEqual(FILES);
});

it.for(FILES.flatMap((file) => Object.keys(DAMAGES).map((damage) => [file, damage] as const)))(
  'a checkpoint whose %s has %s is not used, and the run ends as if nothing had happened',
  async ([file, damage]) => {
    const output = join(folder, `${file}, ${damage}`);
    cpSync(stopped, output, { recursive: true });
    const newest = join(output, 'checkpoints/step-000005');
    DAMAGES[damage]?.(join(newest, file));
    const events = await train(output, { resume: true });
    expect(events).toContainEqual({
      type: 'checkpoint-skipped',
      folder: newest,
      message: expect.any(String) as string,
    });
    expect(events.find((event) => event.type === 'step')?.metrics.step).toBe(5);
    expect(resultOf(output)).toEqual(resultOf(whole));
  },
);
