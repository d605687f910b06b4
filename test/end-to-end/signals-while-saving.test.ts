import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { model, watchCounterweight } from './command.ts';
import { evaluated, folder, result, signalsAt, train } from './signalled-run.ts';

/** Signals that come while a checkpoint, a result or an export is being written, each before a certain change of a file. */
const options = [...evaluated, '--checkpoint-every', '4'];
const uninterrupted = join(folder, 'whole');
const checkpointsOf = (output: string) => readdirSync(join(output, 'checkpoints')).sort();

beforeAll(async () => {
  const { code, stderr } = await train(uninterrupted, options);
  expect(code, stderr).toBe(0);
});

async function resumesAsIfNothingHadBeen(output: string): Promise<void> {
  const resumed = await train(output, [...options, '--resume']);
  expect(resumed.code, resumed.stderr).toBe(0);
  expect(result(output)).toEqual(result(uninterrupted));
  expect(checkpointsOf(output)).toEqual(checkpointsOf(uninterrupted));
}

let runs = 0;
const newRun = () => join(folder, `run-${runs++}`);

describe('one signal', () => {
  it.each([
    ['SIGTERM', 143, 'before its first byte', 'open:checkpoints/step-000004.partial/state.safetensors'],
    ['SIGINT', 130, 'before its name', 'rename:checkpoints/step-000004.partial'],
  ] as const)('%s: exit code %i; a checkpoint that is being written, %s, is finished', async (signal, code, _, at) => {
    const output = newRun();
    const outcome = await train(output, options, { env: signalsAt(at, signal) });
    expect(outcome.code, outcome.stderr).toBe(code);
    expect(outcome.json()).toMatchObject({ error: { code: 'interrupted', signal, run: output, step: 4 } });
    expect(checkpointsOf(output)).toEqual(['step-000004']);
    expect(existsSync(join(output, 'adapter'))).toBe(false);
    await resumesAsIfNothingHadBeen(output);
  });

  it.each([
    ['SIGHUP', 129, 'before its first byte', 'open:adapter.partial/adapter_model.safetensors'],
    ['SIGTERM', 143, 'before its record', 'open:result.json.partial'],
    ['SIGINT', 130, 'before its name', 'rename:adapter.partial'],
  ] as const)('%s: exit code %i; a result that is being written, %s, is finished', async (signal, code, _, at) => {
    const output = newRun();
    const outcome = await train(output, options, { env: signalsAt(at, signal) });
    expect(outcome.code, outcome.stderr).toBe(code);
    expect(outcome.json()).toMatchObject({
      error: { code: 'interrupted', signal, run: output, step: 12, steps: 12, evaluation: null },
    });
    const { files } = result(output) as { files: unknown };
    expect(files).toEqual((result(uninterrupted) as { files: unknown }).files);
    await resumesAsIfNothingHadBeen(output);
  });
});

describe('a second signal leaves at once, and what was saved before is there', () => {
  it.each([
    ['a checkpoint', 'rename:checkpoints/step-000008.partial', ['step-000004', 'step-000008.partial']],
    ['the result', 'open:adapter.partial/adapter_model.safetensors', ['step-000008', 'step-000012']],
    ['the result, whose record is written', 'rename:adapter.partial', ['step-000008', 'step-000012']],
  ])('while %s is written', async (_, at, checkpoints) => {
    const output = newRun();
    const outcome = await train(output, options, { env: signalsAt(at, 'SIGTERM,SIGINT') });
    expect(outcome.code, outcome.stderr).toBe(130);
    expect(checkpointsOf(output)).toEqual(checkpoints);
    expect(existsSync(join(output, 'adapter'))).toBe(false);
    await resumesAsIfNothingHadBeen(output);
  });
});

describe('an export', () => {
  it.each([
    ['SIGINT', 130, 'merged', 'open:export-merged.partial/model.safetensors'],
    ['SIGTERM', 143, 'gguf', 'open:export-gguf.partial'],
    ['SIGHUP', 129, 'onnx', 'open:export-onnx.partial/onnx/model.onnx'],
    ['SIGINT', 130, 'peft', 'copyFile:adapter_model.safetensors'],
  ] as const)('%s: exit code %i; %s leaves nothing that looks like one', async (signal, code, to, at) => {
    const output = join(folder, `export-${to}`);
    const argv = ['export', '--model', model, '--adapter', join(uninterrupted, 'adapter'), '--to', to];
    const told = [...argv, '--output', output, '--json'];
    const outcome = await watchCounterweight(told, { env: signalsAt(at, signal) });
    expect(outcome.code, outcome.stderr).toBe(code);
    expect(outcome.json()).toMatchObject({ error: { code: 'interrupted', signal } });
    expect(readdirSync(folder).filter((name) => name.startsWith(`export-${to}`))).toEqual([]);
    const again = await watchCounterweight(told, {});
    expect(again.code, again.stderr).toBe(0);
    expect(existsSync(output)).toBe(true);
  });
});
