import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TrainingEvent } from '@counterweight/core';
import { model, newFolder, type Outcome, readLines, watchCounterweight } from './command.ts';

/** A small run that signals are sent to, and what it leaves. */

export const folder = newFolder();

export const rows = (name: string, count: number): string => {
  const path = join(folder, name);
  const row = (i: number) =>
    JSON.stringify({ prompt: `Once upon a time ${i} there was a girl`, completion: ` named Lily ${i}` });
  writeFileSync(path, Array.from({ length: count }, (_, i) => `${row(i)}\n`).join(''));
  return path;
};

/** A command's options but for the rows. */
export const task = ['--model', model, '--engine', 'wasm', '--precision', 'f32', '--data'];
const steps = ['--max-steps', '12', '--batch-size', '4', '--max-length', '48', '--seed', '3'];
export const evaluated = ['--eval-data', rows('eval.jsonl', 24), '--evaluate-at-start'];
const data = rows('train.jsonl', 40);

export type Seen = (event: TrainingEvent, events: readonly TrainingEvent[]) => boolean;

interface Signalled {
  /** Sends the signals as soon as an event is seen. */
  readonly seen?: Seen;
  readonly signals?: readonly NodeJS.Signals[];
  readonly env?: Readonly<Record<string, string>>;
}

export async function train(
  output: string,
  more: readonly string[],
  { seen, signals = [], env = {} }: Signalled = {},
): Promise<Outcome & { readonly events: readonly TrainingEvent[] }> {
  const events: TrainingEvent[] = [];
  let sent = false;
  const argv = ['train', ...task, data, ...steps, ...more, '--output', output, '--events', '-', '--json'];
  const outcome = await watchCounterweight(argv, {
    env,
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

/** Signals before a change of a file: see `signal-at-change.ts`. */
export const signalsAt = (change: string, signals: string): Readonly<Record<string, string>> => ({
  NODE_OPTIONS: `--import=${new URL('./signal-at-change.ts', import.meta.url).href}`,
  SIGNAL_AT: change,
  SIGNALS: signals,
});

/** Everything that a finished run leaves and that does not tell the time. */
export function result(output: string): unknown {
  const adapter = join(output, 'adapter');
  const files = readdirSync(adapter).sort();
  return {
    files: files.map((name) => [name, readFileSync(join(adapter, name)).toString('base64')]),
    steps: readLines(join(output, 'metrics.jsonl')).map(({ step, loss }) => [step, loss]),
    evaluations: readFileSync(join(output, 'evaluations.jsonl'), 'utf8'),
  };
}
