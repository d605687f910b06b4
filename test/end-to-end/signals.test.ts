import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { watchCounterweight } from './command.ts';
import { evaluated, folder, result, rows, type Seen, task, train } from './signalled-run.ts';

/** SIGINT, SIGTERM and SIGHUP at every stage of a run: what is trained is saved, and the run goes on as if nothing had been. */
const hasStepped =
  (step: number): Seen =>
  (event) =>
    event.type === 'step' && event.metrics.step === step;
const evaluates: Seen = (event, events) =>
  event.type === 'evaluation-progress' && !events.some(({ type }) => type === 'step');
const evaluatesAtTheEnd: Seen = (event, events) =>
  event.type === 'evaluation-progress' && events.some((one) => one.type === 'step' && one.metrics.step === 12);

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
    const { code, stderr, json } = await train(output, evaluated, { seen, signals: [signal] });
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
  const { code, stdout } = await train(output, [...evaluated, ...checkpoints], {
    seen: evaluatesAtTheEnd,
    signals: ['SIGTERM', 'SIGINT'],
  });
  expect([130, 143]).toContain(code);
  expect(stdout).not.toContain('"error":{"code":"unexpected"');
  const resumed = await train(output, [...evaluated, ...checkpoints, '--resume']);
  expect(resumed.code, resumed.stderr).toBe(0);
  expect(result(output)).toEqual(result(uninterrupted));
});

describe('before training', () => {
  const many = rows('many.jsonl', 200_000);
  const commands = {
    train: ['train', ...task, many, '--output', join(folder, 'unborn')],
    preview: ['preview', ...task, many],
    evaluate: ['evaluate', ...task, many],
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
