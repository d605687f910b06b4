import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { counterweight, model, newFolder, watchCounterweight } from './command.ts';

describe('counterweight serve', () => {
  const folder = newFolder();
  const run = join(folder, 'run');
  const prompt = 'Once upon a time';

  beforeAll(async () => {
    const rows = Array.from({ length: 8 }, () => ({ prompt, completion: ' there were cats and cats' }));
    writeFileSync(join(folder, 'rows.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'));
    const steps = ['--max-steps', '10', '--batch-size', '2', '--learning-rate', '0.02', '--precision', 'f32'];
    const data = ['--data', join(folder, 'rows.jsonl'), '--output', run];
    expect((await counterweight(['train', '--model', model, ...data, ...steps])).code).toBe(0);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('serves a run at the address of its first line until %s', async (signal) => {
    const answers: Record<string, unknown>[] = [];
    const ask = async (address: string, kill: (signal: NodeJS.Signals) => void) => {
      const headers = { 'content-type': 'application/json', authorization: 'Bearer secret' };
      const body = JSON.stringify({ model: 'run', prompt, max_tokens: 12 });
      const response = await fetch(`${address}/v1/completions`, { method: 'POST', headers, body });
      answers.push((await response.json()) as Record<string, unknown>);
      answers.push((await (await fetch(`${address}/v1/models`)).json()) as Record<string, unknown>);
      kill(signal);
    };
    const { code, stdout } = await watchCounterweight(['serve', run], {
      env: { COUNTERWEIGHT_API_KEY: 'secret' },
      onLine: (line, kill) => void ask(line, kill),
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\n$/);
    const adapter = ['--adapter', join(run, 'adapter'), '--precision', 'f32'];
    const said = ['--model', model, ...adapter, '--prompt', prompt, '--max-new-tokens', '12', '--json'];
    const [text] = (await counterweight(['generate', ...said])).json().outputs as string[];
    expect(answers[0]).toMatchObject({ model: 'run', choices: [{ text, finish_reason: 'length' }] });
    expect(answers[1]).toMatchObject({ error: { code: 'invalid_api_key' } });
  });
});
