import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { counterweight, evaluationRows, model, newFolder } from './command.ts';

/** What users get wrong: each a clear message with the fix, exit code 2, and no half-written run folder. */

interface Mistake {
  readonly arguments: (folder: string) => string[];
  /** What the message must say: what is wrong, where, and how to mend it. */
  readonly says: RegExp[];
}

const data = (folder: string, name: string, text: string): string[] => {
  writeFileSync(join(folder, name), text);
  return ['--data', join(folder, name), '--model', model];
};

function modelWith(folder: string, change: (copy: string) => void): string[] {
  const copy = join(folder, 'model');
  cpSync(model, copy, { recursive: true });
  change(copy);
  return ['--data', evaluationRows, '--model', copy];
}

function editJson(file: string, edit: (json: Record<string, unknown>) => void): void {
  const json = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  edit(json);
  writeFileSync(file, JSON.stringify(json));
}

const row = (message: string, problem: string) => `${JSON.stringify({ message, problem })}\n`;

const mistakes: Record<string, Mistake> = {
  'no file': {
    arguments: (folder) => ['--data', join(folder, 'nowhere.csv'), '--model', model],
    says: [/nowhere\.csv/, /fix:/],
  },
  'an empty file': {
    arguments: (folder) => data(folder, 'rows.jsonl', ''),
    says: [/empty|no rows/i, /rows\.jsonl/, /fix:/],
  },
  'a broken JSON line': {
    arguments: (folder) => data(folder, 'rows.jsonl', `${row('hello', 'greeting')}{"message": "he\n`),
    says: [/rows\.jsonl/, /2/, /fix:/],
  },
  'a missing field': {
    arguments: (folder) => data(folder, 'rows.jsonl', `${row('hello', 'greeting')}{"problem": "greeting"}\n`),
    says: [/rows\.jsonl, row 2, field "message"/, /fix:/],
  },
  'a row without its answer': {
    arguments: (folder) => data(folder, 'rows.csv', 'message,problem\nhello,greeting\nbye,\n'),
    says: [/rows\.csv, row 2, field "problem"/, /fix:/],
  },
  'no model folder': {
    arguments: (folder) => ['--data', evaluationRows, '--model', join(folder, 'no-model')],
    says: [/no-model/, /fix:/],
  },
  'a model folder without weights': {
    arguments: (folder) => modelWith(folder, (copy) => rmSync(join(copy, 'model.safetensors'))),
    says: [/model\.safetensors is missing/, /fix:/],
  },
  'an architecture that is not supported': {
    arguments: (folder) =>
      modelWith(folder, (copy) => editJson(join(copy, 'config.json'), (json) => (json.model_type = 'mamba'))),
    says: [/"mamba"/, /config\.json, field "model_type"/, /fix:.*llama/],
  },
  'a vocabulary that does not fit the tokenizer': {
    arguments: (folder) =>
      modelWith(folder, (copy) => editJson(join(copy, 'config.json'), (json) => (json.vocab_size = 500))),
    says: [/tokenizer has 512 tokens/, /500/, /fix:/],
  },
  'labels that are all longer than the context': {
    arguments: (folder) => data(folder, 'rows.jsonl', row('hello', 'very '.repeat(600))),
    says: [/None of 1 rows is left: 0 too long, 1 with too long an answer/, /fix:.*--long-answers cut/],
  },
  'an option that does not exist': {
    arguments: () => ['--data', evaluationRows, '--model', model, '--learning-rat', '1'],
    says: [/--learning-rate/],
  },
};

it.concurrent.each(Object.keys(mistakes))('%s', async (name) => {
  const folder = newFolder();
  const output = join(folder, 'run');
  const mistake = mistakes[name] as Mistake;
  const training = ['train', '--recipe', 'support', '--method', 'full', '--max-steps', '1', '--output', output];
  const { code, stderr, stdout } = await counterweight([...training, ...mistake.arguments(folder)]);
  expect(code, stderr).toBe(2);
  for (const pattern of mistake.says) expect(stderr).toMatch(pattern);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(stdout).toBe('');
  expect(existsSync(output)).toBe(false);
});
