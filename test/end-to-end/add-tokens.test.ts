import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSafetensors } from '../../packages/core/src/checkpoint/safetensors/safetensors.ts';
import { loadTokenizer } from '../../packages/core/src/tokenizer/load-tokenizer.ts';
import { counterweight, model, newFolder, readLines } from './command.ts';

const folder = newFolder();
const data = join(folder, 'rows.jsonl');
const rows = ['cat', 'dog', 'sun', 'sea'].map((thing, i) => ({
  prompt: `Name: ${thing}`,
  completion: `${i % 2 === 0 ? '<even>' : '<odd>'} ${thing}`,
}));
writeFileSync(data, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));

const words = ['--model', model, '--recipe', 'plain', '--format', 'plain', '--precision', 'f32'];
const tokens = ['--add-tokens', '<even>,<odd>'];
const short = [
  '--max-steps',
  '20',
  '--batch-size',
  '4',
  '--max-length',
  '48',
  '--learning-rate',
  '0.01',
  '--seed',
  '3',
];

const run = async (command: string, ...args: string[]) => {
  const outcome = await counterweight([command, ...words, ...args, '--json']);
  expect(outcome.code, outcome.stderr).toBe(0);
  return outcome.json();
};

it('previews a new token as one', async () => {
  const { rows: shown } = (await run('preview', '--data', data, '--rows', '4', ...tokens)) as {
    rows: { ids: number[]; text: string }[];
  };
  // The model's own are 0 to 511.
  expect(shown.map(({ ids }) => ids.filter((id) => id > 511))).toEqual([[512], [513], [512], [513]]);
  expect(shown[0]?.text).toContain('<even> cat');
});

describe.each(['lora', 'full'] as const)('training with new tokens, %s', (method) => {
  const output = join(folder, method);
  const made = join(output, method === 'lora' ? 'adapter' : 'model');
  const trained = method === 'lora' ? ['--adapter', made] : ['--model', made];

  it('learns them, and leaves files that know them', async () => {
    await run('train', '--data', data, '--method', method, ...tokens, ...short, '--output', output);
    const losses = readLines(join(output, 'metrics.jsonl')).map(({ completionLoss }) => completionLoss as number);
    expect(losses.at(-1)).toBeLessThan(0.2 * (losses[0] as number));
    expect(JSON.parse(readFileSync(join(output, 'run.json'), 'utf8'))).toMatchObject({
      training: { addTokens: ['<even>', '<odd>'] },
    });
    const { added_tokens } = JSON.parse(readFileSync(join(made, 'tokenizer.json'), 'utf8'));
    expect(added_tokens.slice(-2)).toMatchObject([
      { id: 512, content: '<even>', special: false },
      { id: 513, content: '<odd>', special: false },
    ]);
    const weights = method === 'lora' ? 'adapter_model.safetensors' : 'model.safetensors';
    const file = await openSafetensors(join(made, weights));
    const tables = [...file.tensors].filter(([name]) => /embed_tokens|lm_head/.test(name));
    expect(tables.map(([, { shape }]) => shape)).toEqual(tables.map(() => [514, 64]));
    await file.close();
  });

  const told = async (...from: string[]) => {
    const rows = ['Name: cat', 'Name: dog'].map((prompt) => JSON.stringify({ prompt }));
    const outcomes = [];
    for (const row of rows) outcomes.push(await counterweight(['generate', ...words, ...from, '--row', row]));
    return outcomes.map(({ stdout }) => stdout);
  };

  it('evaluates and generates without being told of them again', async () => {
    const { completionLoss } = (await run('evaluate', '--data', data, ...trained)) as { completionLoss: number };
    expect(completionLoss).toBeLessThan(0.5);
    expect((await told(...trained))[0]).toContain('<even> cat');
  });

  it('is exported with them', async () => {
    const merged = join(output, 'merged');
    const outcome = await counterweight(['export', output, '--to', 'merged', '--output', merged]);
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(JSON.parse(readFileSync(join(merged, 'config.json'), 'utf8'))).toMatchObject({ vocab_size: 514 });
    expect(await told('--model', merged)).toEqual(await told(...trained));
  });
});

it('goes on with an adapter that has them, and refuses more of them there', async () => {
  const adapter = ['--adapter', join(folder, 'lora', 'adapter')];
  const output = join(folder, 'more');
  await run('train', '--data', data, ...adapter, '--max-steps', '1', '--batch-size', '4', '--output', output);
  expect(existsSync(join(output, 'adapter', 'tokenizer.json'))).toBe(true);
  const refused = await counterweight([
    ...['train', ...words, '--data', data, ...adapter, '--add-tokens', '<third>', '--output', join(folder, 'refused')],
  ]);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toMatch(/cannot get new tokens[\s\S]*--to merged/);
});

it.each(['lora', 'full'] as const)(
  'ends where it would have ended when it is stopped and resumed, %s',
  async (method) => {
    const output = join(folder, `resumed-${method}`);
    const steps = ['--max-steps', '4', '--checkpoint-every', '2', '--batch-size', '4', '--max-length', '48'];
    const train = ['--data', data, '--method', method, ...tokens, ...steps, '--output', output];
    const result = join(output, method === 'lora' ? 'adapter' : 'model');
    const weights = join(result, method === 'lora' ? 'adapter_model.safetensors' : 'model.safetensors');
    await run('train', ...train);
    const whole = readFileSync(weights);
    rmSync(result, { recursive: true });
    rmSync(join(output, 'checkpoints', 'step-000004'), { recursive: true });
    await run('train', ...train, '--resume');
    expect(readFileSync(weights).equals(whole)).toBe(true);
  },
);

it('saves the tokenizer beside an adapter where a piece of the vocabulary was made a token', async () => {
  const output = join(folder, 'piece');
  await run('train', '--data', data, '--add-tokens', 'in', '--max-steps', '1', '--batch-size', '4', '--output', output);
  const saved = await loadTokenizer(join(output, 'adapter'), { modelFolder: model });
  const trained = await loadTokenizer(model, { tokens: ['in'] });
  const text = 'The king was thinking.';
  expect(saved.encode(text, 'start')).toEqual(trained.encode(text, 'start'));
  expect(saved.encode(text, 'start')).not.toEqual((await loadTokenizer(model)).encode(text, 'start'));
});

it('refuses a token that is named twice', async () => {
  const refused = await counterweight(['preview', ...words, '--data', data, '--add-tokens', '<a>,<a>']);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toMatch(/named twice[\s\S]*--add-tokens/);
});
