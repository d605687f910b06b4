import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TrainingEvent } from '@counterweight/core';
import { expect, it } from 'vitest';
import { chatModel } from './chat-model.ts';
import { newFolder, readLines, watchCounterweight } from './command.ts';

/** A chat template that tells the day, as those of Llama 3 and others do: the day is the run's, whenever it goes on. */
const folder = newFolder();
const model = chatModel(folder);
writeFileSync(
  join(model, 'chat_template.jinja'),
  `{{ bos_token }}<|im_start|>system
Today: {{ strftime_now('%d %B') }}<|im_end|>
${readFileSync(join(model, 'chat_template.jinja'), 'utf8').replace('{{ bos_token }}', '')}`,
);
const data = join(folder, 'rows.jsonl');
const row = (i: number) => ({
  messages: [
    { role: 'user', content: `Who is Lily ${i}?` },
    { role: 'assistant', content: `A girl ${i}.` },
  ],
});
writeFileSync(data, Array.from({ length: 24 }, (_, i) => `${JSON.stringify(row(i))}\n`).join(''));

const argv = ['train', '--model', model, '--data', data, '--engine', 'wasm', '--precision', 'f32', '--cache', 'false'];
// The prompt counts too, so that the words of the template are learnt.
const options = ['--max-steps', '6', '--batch-size', '4', '--max-length', '128', '--prompt-loss-weight', '1'];

async function train(output: string, today: string, more: readonly string[], stopAfter?: number) {
  const all = [...argv, ...options, '--template-loss-weight', '1', ...more, '--output', output, '--events', '-'];
  return watchCounterweight([...all, '--json'], {
    env: { TODAY: today, NODE_OPTIONS: `--import=${new URL('./another-day.ts', import.meta.url).href}` },
    onLine(line, kill) {
      const event = JSON.parse(line) as TrainingEvent;
      if (event.type === 'step' && event.metrics.step === stopAfter) kill('SIGTERM');
    },
  });
}

function planSweep(output: string, today: string, more: readonly string[] = []) {
  const task = ['--model', model, '--data', data, '--engine', 'wasm', '--max-steps', '3', '--max-length', '128'];
  return watchCounterweight(['sweep', 'plan', ...task, ...more, '--output', output, '--json'], {
    env: { TODAY: today, NODE_OPTIONS: `--import=${new URL('./another-day.ts', import.meta.url).href}` },
  });
}

const weights = (output: string) => readFileSync(join(output, 'adapter', 'adapter_model.safetensors'), 'base64');
const losses = (output: string) => readLines(join(output, 'metrics.jsonl')).map(({ step, loss }) => [step, loss]);

it('goes on in the words of the day on which it was started, to the same bytes', async () => {
  const [whole, stopped, later] = ['whole', 'stopped', 'later'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const [output, day] of [
    [whole, '2026-01-31'],
    [later, '2026-02-02'],
  ] as const) {
    const { code, stderr } = await train(output, day, []);
    expect(code, stderr).toBe(0);
  }
  // The day is in what is learnt.
  expect(losses(later)).not.toEqual(losses(whole));

  const first = await train(stopped, '2026-01-31', [], 2);
  expect(first.code, first.stderr).toBe(143);
  const asked = await train(stopped, '2026-02-02', ['--template-date', '2026-02-02', '--resume']);
  expect(asked.code).toBe(2);
  expect(asked.stderr).toContain('template-date');
  const resumed = await train(stopped, '2026-02-02', ['--resume']);
  expect(resumed.code, resumed.stderr).toBe(0);
  expect(weights(stopped)).toBe(weights(whole));
  expect(losses(stopped)).toEqual(losses(whole));
  const { training } = JSON.parse(readFileSync(join(stopped, 'run.json'), 'utf8')) as {
    training: { templateDate: string };
  };
  expect(training.templateDate).toBe('2026-01-31');
});

it('plans a sweep again in the words of the day on which it was planned', async () => {
  const output = join(folder, 'sweep');
  const first = await planSweep(output, '2026-01-31');
  expect(first.code, first.stderr).toBe(0);
  const plan = readFileSync(join(output, 'sweep.json'), 'utf8');
  expect(plan).toContain('"templateDate": "2026-01-31"');
  const again = await planSweep(output, '2026-02-02');
  expect(again.code, again.stderr).toBe(0);
  expect(readFileSync(join(output, 'sweep.json'), 'utf8')).toBe(plan);
  const asked = await planSweep(output, '2026-02-02', ['--template-date', '2026-02-02']);
  expect(asked.code).toBe(2);
  expect(asked.stderr).toContain('options of training differ');
});
