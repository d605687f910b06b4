import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TrainingEvent } from '@counterweight/core';
import { describe, expect, it } from 'vitest';
import { model, newFolder, readLines, watchCounterweight } from './command.ts';

/** SIGINT, SIGTERM and SIGHUP at every stage of a run: what is trained is saved, and the run goes on as if nothing had been. */
const folder = newFolder();
const rows = (name: string, count: number) => {
  const path = join(folder, name);
  const row = (i: number) =>
    JSON.stringify({ prompt: `Once upon a time ${i} there was a girl`, completion: ` named Lily ${i}` });
  writeFileSync(path, Array.from({ length: count }, (_, i) => `${row(i)}\n`).join(''));
  return path;
};
const data = rows('train.jsonl', 40);
const evalData = rows('eval.jsonl', 24);

const task = ['--model', model, '--engine', 'wasm', '--data', data];
const steps = ['--max-steps', '12', '--batch-size', '4', '--max-length', '48', '--seed', '3'];
const evaluated = ['--eval-data', evalData, '--evaluate-at-start'];

type Seen = (event: TrainingEvent, events: readonly TrainingEvent[]) => boolean;
const hasStepped =
  (step: number): Seen =>
  (event) =>
    event.type === 'step' && event.metrics.step === step;
const evaluates: Seen = (event, events) =>
  event.type === 'evaluation-progress' && !events.some(({ type }) => type === 'step');
const evaluatesAtTheEnd: Seen = (event, events) =>
  event.type === 'evaluation-progress' && events.some((one) => one.type === 'step' && one.metrics.step === 12);

/** Trains, and sends signals as soon as an event is seen. */
async function train(output: string, more: readonly string[], seen?: Seen, signals: readonly NodeJS.Signals[] = []) {
  const events: TrainingEvent[] = [];
  let sent = false;
  const argv = ['train', ...task, ...steps, ...more, '--output', output, '--events', '-', '--json'];
  const outcome = await watchCounterweight(argv, {
    onLine(line, kill) {
      const event = JSON.parse(line) as TrainingEvent;
      events.push(event);
      if (sent || !seen?.(event, events)) return;
      sent = true;
      for (const signal of signals) kill(signal);
    },
  });
  return { ...outcome, events };
}

/** Everything that a finished run leaves and that does not tell the time. */
function result(output: string) {
  const adapter = join(output, 'adapter');
  const files = readdirSync(adapter).sort();
  return {
    files: files.map((name) => [name, readFileSync(join(adapter, name)).toString('base64')]),
    steps: readLines(join(output, 'metrics.jsonl')).map(({ step, loss }) => [step, loss]),
    evaluations: readFileSync(join(output, 'evaluations.jsonl'), 'utf8'),
  };
}

const uninterrupted = join(folder, 'whole');

it('trains without a signal', async () => {
  const { code, stderr } = await train(uninterrupted, evaluated);
  expect(code, stderr).toBe(0);
});

it.each([
  ['SIGINT', 130, 'in the evaluation at the start', evaluates, 0],
  ['SIGTERM', 143, 'between steps', hasStepped(3), 3],
  ['SIGHUP', 129, 'in the evaluation at the end', evaluatesAtTheEnd, 12],
] as const)(
  '%s: exit code %i %s; saved, told, and resumed to the same bytes',
  async (signal, exitCode, _, seen, step) => {
    const output = join(folder, signal);
    const { code, stderr, json } = await train(output, evaluated, seen, [signal]);
    expect(code, stderr).toBe(exitCode);
    const { error } = json() as { error: { code: string; signal: string; step: number } };
    expect(error).toMatchObject({ code: 'interrupted', signal });
    expect(error.step).toBeGreaterThanOrEqual(step);
    const resumed = await train(output, [...evaluated, '--resume']);
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(result(output)).toEqual(result(uninterrupted));
  },
);

it('a second signal leaves at once, and what was saved is there', async () => {
  const output = join(folder, 'twice');
  const checkpoints = ['--checkpoint-every', '4'];
  const { code, stdout } = await train(output, [...evaluated, ...checkpoints], evaluatesAtTheEnd, [
    'SIGTERM',
    'SIGINT',
  ]);
  expect([130, 143]).toContain(code);
  expect(stdout).not.toContain('"error":{"code":"unexpected"');
  const resumed = await train(output, [...evaluated, ...checkpoints, '--resume']);
  expect(resumed.code, resumed.stderr).toBe(0);
  expect(result(output)).toEqual(result(uninterrupted));
});

describe('before training', () => {
  const many = rows('many.jsonl', 200_000);
  const commands = {
    train: ['train', ...task.slice(0, -1), many, '--output', join(folder, 'unborn')],
    preview: ['preview', ...task.slice(0, -1), many],
    evaluate: ['evaluate', ...task.slice(0, -1), many],
  };
  it.each(Object.entries(commands))('%s stops reading, and says so', async (_, argv) => {
    // Node's own report comes first: the program is loaded, and begins to read.
    const started = watchCounterweight([...argv, '--cache', 'false', '--json'], {
      env: { NODE_OPTIONS: `--import=${new URL('./signal-soon.ts', import.meta.url).href}` },
    });
    const { code, json, stderr } = await started;
    expect(code, stderr).toBe(143);
    expect(json()).toMatchObject({ error: { code: 'interrupted', signal: 'SIGTERM' } });
    expect(existsSync(join(folder, 'unborn', 'run.json'))).toBe(false);
  });
});
