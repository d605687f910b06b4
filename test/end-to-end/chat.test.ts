import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { chatIds, chatModel } from './chat-model.ts';
import { counterweight, newFolder } from './command.ts';

const folder = newFolder();
const model = chatModel(folder);

const turns = (...said: string[]) => said.map((content, i) => ({ role: i % 2 === 0 ? 'user' : 'assistant', content }));
const rows = [
  { messages: [{ role: 'system', content: 'Be kind.' }, ...turns('Who is Lily?', 'A girl.', 'And Tim?', 'A boy.')] },
  { messages: turns('Who is Lily?', 'A girl.') },
  {
    conversations: [
      { from: 'human', value: 'Who is Tim?' },
      { from: 'gpt', value: 'A boy.' },
    ],
  },
  { instruction: 'Say who it is.', input: 'Lily', output: 'A girl.' },
  { prompt: 'Who is it?', completion: 'Tim.' },
];
const data = join(folder, 'rows.jsonl');
writeFileSync(data, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));

interface Previewed {
  readonly rows: { ids: number[]; weights: number[]; roles: string[]; text: string }[];
  readonly receipt: { tallies: Record<string, number> };
}
const preview = async (...options: string[]): Promise<Previewed> => {
  const outcome = await counterweight([
    'preview',
    '--model',
    model,
    '--data',
    data,
    '--rows',
    '5',
    '--json',
    ...options,
  ]);
  expect(outcome.code, outcome.stderr).toBe(0);
  return outcome.json() as unknown as Previewed;
};

it('previews rows of every kind in the words of the model’s chat template', async () => {
  const { rows: examples, receipt } = await preview();
  expect(examples[0]?.text).toBe(
    '<s><|im_start|>system\nBe kind.<|im_end|>\n<|im_start|>user\nWho is Lily?<|im_end|>\n<|im_start|>assistant\nA girl.<|im_end|>\n<|im_start|>user\nAnd Tim?<|im_end|>\n<|im_start|>assistant\nA boy.<|im_end|>\n',
  );
  expect(examples.map(({ text }) => /user\n([\s\S]*)<\|im_end\|>\n<\|im_start\|>a/.exec(text)?.[1])).toEqual([
    'Who is Lily?<|im_end|>\n<|im_start|>assistant\nA girl.<|im_end|>\n<|im_start|>user\nAnd Tim?',
    'Who is Lily?',
    'Who is Tim?',
    'Say who it is.\n\n### Input:\nLily',
    'Who is it?',
  ]);
  for (const { ids } of examples) expect(ids.filter((id) => id === chatIds.bos)).toEqual([chatIds.bos]);
  expect(examples[0]?.ids.filter((id) => id === chatIds.start)).toHaveLength(5);
  expect(receipt.tallies).toEqual({
    'rows of chat messages': 2,
    'rows of ShareGPT': 1,
    'rows of Alpaca': 1,
    'rows of prompt and completion': 1,
  });
});

it('weighs every answer with the token that ends it, and nothing else', async () => {
  const { rows: examples } = await preview('--prompt-loss-weight', '0');
  const { ids = [], weights = [], roles = [] } = examples[0] ?? {};
  const trained = ids.filter((_, i) => (weights[i] ?? 0) > 0);
  expect(trained.filter((id) => id === chatIds.end)).toHaveLength(2);
  expect(roles.map((role) => (role === 'assistant' ? 1 : 0))).toEqual(weights);
  const last = (await preview('--prompt-loss-weight', '0', '--train-on', 'last-turn')).rows[0];
  expect(last?.ids).toEqual(ids);
  expect(last?.weights.filter((weight) => weight > 0).length).toBeLessThan(trained.length);
  expect(last?.weights.slice(-8)).toEqual(weights.slice(-8));
});

it('gives each role a weight of its own', async () => {
  const given = ['--prompt-loss-weight', '0.5', '--system-loss-weight', '0.25', '--template-loss-weight', '0.125'];
  const { weights = [], roles = [] } = (await preview(...given)).rows[0] ?? {};
  const expected: Record<string, number> = { bos: 0, template: 0.125, system: 0.25, user: 0.5, assistant: 1 };
  expect(weights).toEqual(roles.map((role) => expected[role]));
});

it('multiplies the weight of a message by the one that its row gives it, end of turn included', async () => {
  const weighted = join(folder, 'weighted.jsonl');
  const [asked, answered, more, last] = turns('Who is Lily?', 'A girl.', 'And Tim?', 'A boy.');
  const messages = [{ ...asked, weight: 0.5 }, { ...answered, weight: 0 }, more, { ...last, weight: 0.25 }];
  writeFileSync(weighted, `${JSON.stringify({ messages })}\n`);
  // The last of two files.
  const { rows: examples } = await preview('--data', weighted, '--rows', '6', '--prompt-loss-weight', '0.5');
  const { ids = [], weights = [], roles = [] } = examples[5] ?? {};
  const weightsOf = (role: string) => runs(roles.map((name, i) => (name === role ? weights[i] : undefined)));
  expect([weightsOf('user'), weightsOf('assistant')]).toEqual([
    [0.25, 0.5],
    [0, 0.25],
  ]);
  expect(ids.flatMap((id, i) => (id === chatIds.end && roles[i] === 'assistant' ? [weights[i]] : []))).toEqual([
    0, 0.25,
  ]);
});

/** Values that stand side by side, once each; undefined is none. */
const runs = (values: readonly (number | undefined)[]) =>
  values.filter((value, i) => value !== undefined && value !== values[i - 1]);

it('leaves the template out when it is told to, with Alpaca’s own words around Alpaca’s rows', async () => {
  const { rows: examples } = await preview('--format', 'plain');
  expect(examples[4]?.text).toBe('Who is it?Tim.');
  expect(examples[3]?.text).toBe(
    'Below is an instruction that describes a task, paired with an input that provides further context. Write a response that appropriately completes the request.\n\n### Instruction:\nSay who it is.\n\n### Input:\nLily\n\n### Response:A girl.',
  );
});

it.each(['plain', 'rstrip'] as const)('gives transformers’ ids, with %s special tokens', async (kind) => {
  const expected = JSON.parse(readFileSync(new URL('./chat-ids.json', import.meta.url), 'utf8'));
  const own = newFolder();
  const rowsFile = join(own, 'rows.jsonl');
  writeFileSync(rowsFile, expected.rows.map((row: unknown) => `${JSON.stringify(row)}\n`).join(''));
  const like = chatModel(own, { rstrip: kind === 'rstrip' });
  const outcome = await counterweight(['preview', '--model', like, '--data', rowsFile, '--rows', '9', '--json']);
  expect((outcome.json() as unknown as Previewed).rows.map(({ ids }) => ids)).toEqual(expected[kind]);
});

it('learns to answer and to stop, asked as it was taught', async () => {
  const output = join(folder, 'run');
  const settings = ['--method', 'full', '--learning-rate', '5e-3', '--max-steps', '40', '--schedule', 'constant'];
  const trained = await counterweight(
    ['train', '--model', model, '--data', data, '--output', output, ...settings, '--engine', 'wasm', '--json'],
    {},
  );
  expect(trained.code, trained.stderr).toBe(0);
  const run = JSON.parse(readFileSync(join(output, 'run.json'), 'utf8'));
  expect(run.training).toMatchObject({ format: 'chat', trainOn: 'all-turns' });
  expect(run.receipt.tallies['rows of ShareGPT']).toBe(1);
  expect(run.inputs.tokenizer.map((file: { file: string }) => file.file)).toContain('chat_template.jinja');
  expect(existsSync(join(output, 'model', 'chat_template.jinja'))).toBe(true);
  const row = JSON.stringify({ messages: turns('Who is Lily?') });
  const asked = ['--model', join(output, 'model'), '--row', row, '--engine', 'wasm', '--json'];
  const answered = await counterweight(['generate', ...asked]);
  expect(answered.json()).toEqual({ outputs: ['A girl.'] });
}, 60_000);

it('names the turn that a template rewrites', async () => {
  const rewriting = join(newFolder(), 'rows.jsonl');
  writeFileSync(rewriting, `${JSON.stringify(rows[0])}\n`);
  const forgetful = chatModel(newFolder());
  const template = readFileSync(join(forgetful, 'chat_template.jinja'), 'utf8');
  // As templates do that leave out the thoughts of all turns but the last.
  const isLast = "messages[loop.index:] | selectattr('role', 'equalto', 'user') | list | length == 0";
  const kept = `message.content if message.role != 'assistant' or ${isLast} else '…'`;
  const changed = template.replace('message.content | trim', kept);
  writeFileSync(join(forgetful, 'chat_template.jinja'), changed);
  const outcome = await counterweight(['preview', '--model', forgetful, '--data', rewriting]);
  expect(outcome.code).toBe(2);
  expect(outcome.stderr).toMatch(/rows\.jsonl, row 1, message 3 \(assistant\)/);
  expect(outcome.stderr).toMatch(/--train-on last-turn/);
});
