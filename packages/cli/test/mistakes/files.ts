import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Mistake, model, row, training, write } from './mistake.ts';

/** Each file with rows that are wrong, and what is said of it; the recipe is `plain` unless it is named. */
export function inRows(folder: string): Record<string, Mistake> {
  const rows = (name: string, content: string | Uint8Array, says: RegExp[], ...more: string[]): Mistake => {
    write(folder, { [name]: content });
    const data = ['--data', join(folder, name)];
    return { argv: ['preview', '--model', model, ...data, '--engine', 'wasm', ...more], says };
  };
  const support = ['--recipe', 'support'];
  write(folder, { 'train.jsonl': row });
  mkdirSync(join(folder, 'nothing'), { recursive: true });
  const at = (name: string) => ['preview', '--model', model, '--data', join(folder, name)];
  const chat = (...messages: object[]) => `${JSON.stringify({ messages })}\n`;
  return {
    'a misspelt file': {
      argv: at('trian.jsonl'),
      says: [/no such file/, /trian\.jsonl/, /Did you mean .*train\.jsonl\?/],
    },
    'a folder without rows': { argv: at('nothing'), says: [/folder has no file of rows/, /nothing/] },
    'a file of another kind': rows('rows.txt', row, [/kind \.txt/, /rows\.txt/, /\.jsonl/]),
    'a file without a kind': rows('rows', row, [/no extension/, /\/rows/]),
    'an empty file': rows('empty.jsonl', '', [/no rows/, /empty\.jsonl/]),
    'a header only': rows('header.csv', 'prompt,completion\n', [/no rows/, /header\.csv/]),
    'a line that is no JSON': rows('line.jsonl', `${row}{"prompt": "a\n`, [
      /Line 2 is not JSON/,
      /line\.jsonl, line 2/,
    ]),
    'a line that is no object': rows('number.jsonl', `${row}7\n`, [/number\.jsonl, row 2/]),
    'columns where rows belong': rows('columns.json', '{"prompt": ["a", "b"], "completion": ["c", "d"]}', [
      /object of columns/,
      /columns\.json/,
    ]),
    'an array without an end': rows('open.json', `[${row}`, [/no end/, /open\.json/]),
    'an array with a comma at its end': rows('comma.json', `[${row.trim()},]`, [
      /comma/,
      /comma\.json/,
      /Take it away/,
    ]),
    'a row of CSV with too many cells': rows('cells.csv', 'prompt,completion\na,b\nc,d,e\n', [
      /cells\.csv, line 3/,
      /as many fields as the header/,
    ]),
    'CSV that two delimiters divide': rows('two.csv', 'prompt;x,completion\na;b,c\nd;e,f\n', [
      /two\.csv, header/,
      /by commas or by semicolons/,
      /sep=,/,
    ]),
    'a file that is not UTF-8': rows('latin.csv', Buffer.from('prompt,completion\ncaf\xe9,a\n', 'latin1'), [
      /not UTF-8/,
      /latin\.csv/,
    ]),
    'half of a packed file': rows('half.jsonl.gz', gzipSync(row.repeat(99)).subarray(0, 40), [
      /not whole gzip/,
      /half\.jsonl\.gz/,
    ]),
    'Parquet that is none': rows('rows.parquet', 'PAR1 nothing PAR1', [/rows\.parquet/]),
    'a misspelt column': rows(
      'column.csv',
      'mesage,problem\nhello,greeting\n',
      [/column\.csv, row 1, field "message"/, /Is "mesage" meant to be "message"\?/],
      ...support,
    ),
    'a field of another type': rows(
      'type.jsonl',
      '{"message": 7, "problem": "a"}\n',
      [/type\.jsonl, row 1, field "message"/],
      ...support,
    ),
    'a row without its answer': rows(
      'answer.csv',
      'message,problem\nhello,greeting\nbye,\n',
      [/answer\.csv, row 2, field "problem"/],
      ...support,
    ),
    'rows of another recipe': rows('other.jsonl', '{"question": "a", "reply": "b"}\n', [
      /other\.jsonl, row 1, field "answer"/,
      /"question", "reply"/,
    ]),
    'a row of two kinds': rows('two.jsonl', '{"instruction": "a", "output": "b", "question": "c", "answer": "d"}\n', [
      /two\.jsonl, row 1/,
      /read in 2 ways/,
      /--map prompt=instruction,completion=output/,
    ]),
    'a role that nobody has': rows(
      'role.jsonl',
      chat({ role: 'robot', content: 'a' }, { role: 'assistant', content: 'b' }),
      [/role\.jsonl, row 1/, /role/],
    ),
    'a conversation that ends with a question': rows('question.jsonl', chat({ role: 'user', content: 'a' }), [
      /question\.jsonl, row 1/,
    ]),
    'a length longer than the context': rows(
      'context.jsonl',
      row,
      [/maxLength 9000 is longer/, /512/],
      '--max-length',
      '9000',
    ),
    'an answer that is too long': rows('long.jsonl', `{"prompt": "a", "completion": "${'word '.repeat(900)}"}\n`, [
      /1 with too long an answer/,
      /--long-answers cut/,
    ]),
  };
}

export function inModels(folder: string): Record<string, Mistake> {
  const train = (at: string, ...more: string[]) => {
    write(folder, { 'good.jsonl': row });
    return ['train', '--data', join(folder, 'good.jsonl'), '--engine', 'wasm', '--model', at, ...more];
  };
  const changed = (name: string, change: (copy: string) => void) => {
    const copy = join(folder, name);
    cpSync(model, copy, { recursive: true });
    change(copy);
    return train(copy);
  };
  const config = (copy: string, change: object) => {
    const file = join(copy, 'config.json');
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), ...change }));
  };
  const cut = (file: string) => writeFileSync(file, readFileSync(file).subarray(0, 50_000));
  mkdirSync(join(folder, 'nothing-in-it'), { recursive: true });
  return {
    'a misspelt model': {
      argv: train(join(model, '..', 'storys260k')),
      says: [/no such model folder/, /storys260k/, /Did you mean .*stories260k\?/],
    },
    'a folder that is no model': {
      argv: train(join(folder, 'nothing-in-it')),
      says: [/no tokenizer\.json/, /nothing-in-it/],
    },
    'a model without weights': {
      argv: changed('weightless', (copy) => rmSync(join(copy, 'model.safetensors'))),
      says: [/model\.safetensors is missing/, /weightless/],
    },
    'weights that are cut': {
      argv: changed('cut', (copy) => cut(join(copy, 'model.safetensors'))),
      says: [/cut\/model\.safetensors/],
    },
    'a configuration that is no JSON': {
      argv: changed('unread', (copy) => writeFileSync(join(copy, 'config.json'), '{')),
      says: [/unread\/config\.json/],
    },
    'an architecture that is not known': {
      argv: changed('mamba', (copy) => config(copy, { model_type: 'mamba' })),
      says: [/"mamba"/, /mamba\/config\.json, field "model_type"/, /llama/],
    },
    'a vocabulary too small for the tokenizer': {
      argv: changed('small', (copy) => config(copy, { vocab_size: 500 })),
      says: [/512 tokens/, /500/],
    },
    'a tokenizer that is no JSON': {
      argv: changed('mute', (copy) => writeFileSync(join(copy, 'tokenizer.json'), '{')),
      says: [/mute\/tokenizer\.json/],
    },
    'layers that the model has not': { argv: train(model, '--lora-targets', 'c_attn'), says: [/c_attn/, /q_proj/] },
    'modules that the model has not': {
      argv: train(model, '--modules-to-save', 'head'),
      says: [/head/, /lm_head|embed_tokens/],
    },
    'an adapter that is not there': { argv: train(model, '--adapter', join(folder, 'none')), says: [/\/none/] },
  };
}

export function inOutputs(folder: string): Record<string, Mistake> {
  write(join(folder, 'used'), { 'notes.txt': 'mine' });
  write(folder, { 'a-file': '' });
  const to = (output: string, ...more: string[]) => training(folder, '--output', join(folder, output), ...more);
  return {
    'a folder that is used': { argv: to('used'), says: [/not empty/, /\/used/, /--resume/] },
    'a file in place of a folder': { argv: to('a-file'), says: [/a-file/, /--output/] },
    'a folder below a file': { argv: to('a-file/run'), says: [/a-file/, /--output/] },
    'a run to resume that is not there': {
      argv: to('nowhere', '--resume'),
      says: [/no run here to resume/, /\/nowhere/],
    },
    'events where there is no folder': {
      argv: to('fresh', '--events', join(folder, 'no', 'events.jsonl')),
      says: [/events cannot be opened/, /events\.jsonl/],
    },
  };
}
