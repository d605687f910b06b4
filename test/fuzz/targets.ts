import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { adaptersOf, parseAdapterConfig } from '../../packages/core/src/checkpoint/adapter/adapter-config.ts';
import { parseConfig } from '../../packages/core/src/checkpoint/pretrained/read-config.ts';
import { readSafetensors } from '../../packages/core/src/checkpoint/safetensors/safetensors.ts';
import { UserError } from '../../packages/core/src/errors.ts';
import { baseParameters, linearsOf } from '../../packages/core/src/model/parameters/parameter-table.ts';
import { isRowError } from '../../packages/core/src/recipe/recipe.ts';
import { delimitedRows } from '../../packages/core/src/rows/read-delimited.ts';
import { jsonArrayRows } from '../../packages/core/src/rows/read-json-array.ts';
import { jsonLineRows } from '../../packages/core/src/rows/read-json-lines.ts';
import { parquetRows } from '../../packages/core/src/rows/read-parquet.ts';
import { decodedText } from '../../packages/core/src/rows/read-text.ts';
import type { SourceRow } from '../../packages/core/src/rows/source-row.ts';
import { compileChatTemplate } from '../../packages/core/src/tokenizer/chat-template.ts';
import { createTokenizer } from '../../packages/core/src/tokenizer/create-tokenizer.ts';
import { parseSettings } from '../../packages/core/src/tokenizer/read-settings.ts';
import { findBosId, findEosId } from '../../packages/core/src/tokenizer/special-ids.ts';
import { tokenizerJsonSchema } from '../../packages/core/src/tokenizer/tokenizer-json.ts';

/** A reader, and inputs that it reads well. */
export interface Target {
  readonly name: string;
  readonly seeds: readonly Uint8Array[];
  /** What inputs of this kind are made of. */
  readonly words: readonly string[];
  /** Which part of an input is JSON, to be changed as such. */
  readonly json?: 'whole' | 'safetensors' | 'lines' | undefined;
  /** @throws {UserError} for an input that is refused; whatever else is thrown is a fault of ours */
  read(input: Uint8Array): Promise<void> | void;
}

const repository = join(import.meta.dirname, '../..');
const core = join(repository, 'packages/core/src');
const bytes = (text: string): Uint8Array => Buffer.from(text);
const file = (...path: string[]): Buffer => readFileSync(join(...path));
const filesIn = (folder: string, kind: RegExp): Uint8Array[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => kind.test(name))
    .sort()
    .map((name) => file(folder, name));

const JSON_WORDS = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  'null',
  'true',
  '1e400',
  '\\u0000',
  '\\ud83d',
  '"a":',
  '"__proto__":',
];

function safetensors(
  tensors: Record<string, { dtype: string; shape: number[] }>,
  wide: Record<string, number>,
): Uint8Array {
  let end = 0;
  const entries = Object.entries(tensors).map(([name, { dtype, shape }]) => {
    const begin = end;
    end += shape.reduce((product, size) => product * size, wide[dtype] as number);
    return [name, { dtype, shape, data_offsets: [begin, end] }];
  });
  return withHeader(
    JSON.stringify({ __metadata__: { format: 'pt' }, ...Object.fromEntries(entries) }),
    new Uint8Array(end),
  );
}

/** A safetensors file of a header and what follows it. */
export function withHeader(header: string, data: Uint8Array): Uint8Array {
  const json = Buffer.from(header);
  return Buffer.concat([Buffer.from(BigUint64Array.of(BigInt(json.length)).buffer), json, data]);
}

const safetensorsTarget: Target = {
  name: 'safetensors',
  json: 'safetensors',
  words: [
    ...JSON_WORDS,
    '"dtype":"F32"',
    '"shape":[2,2]',
    '"data_offsets":[0,4]',
    '"BF16"',
    '"I64"',
    '"__metadata__":',
  ],
  seeds: [
    safetensors(
      { a: { dtype: 'F32', shape: [2, 2] }, b: { dtype: 'BF16', shape: [3] }, c: { dtype: 'F16', shape: [] } },
      { F32: 4, BF16: 2, F16: 2 },
    ),
    safetensors({ 'model.x': { dtype: 'I64', shape: [1, 0] }, y: { dtype: 'F64', shape: [1] } }, { I64: 8, F64: 8 }),
    withHeader('{}', new Uint8Array()),
  ],
  async read(input) {
    const source = {
      file: 'x.safetensors',
      size: input.length,
      read: async (position: number, into: Uint8Array) => {
        const part = input.subarray(position, position + into.length);
        into.set(part);
        return part.length;
      },
      close: async () => {},
    };
    const { tensors, read } = await readSafetensors(source);
    for (const name of tensors.keys()) {
      const values = await read(name).catch(refused);
      if (values && values.length * 2 > input.length) throw new Error('more values than bytes');
    }
  },
};

/** Lets through that an input is refused. */
function refused(error: unknown): undefined {
  if (!isRefusal(error)) throw error;
}

export const isRefusal = (error: unknown): boolean => error instanceof UserError || isRowError(error);

const LAYERS = [0, 1, 12].flatMap((i) =>
  ['self_attn.q_proj', 'mlp.down_proj'].map((name) => `model.layers.${i}.${name}`),
);

const adapterTarget: Target = {
  name: 'adapter',
  json: 'whole',
  words: [...JSON_WORDS, '(', ')', '*', '+', '{1000}', '.*', '(?=', '\\\\d', '|', '[^a]', '(?i)', '^', '$', '(?P<a>'],
  seeds: [
    ...[
      '{"(a|b)+c":2}',
      '{"^model\\\\.layers\\\\.[0-3]\\\\..*q_proj$":3,".*\\\\.(q|v)_proj":4}',
      '{"layers.0.q_proj":4}',
    ].map((pattern) =>
      bytes(
        `{"peft_type":"LORA","r":8,"lora_alpha":16,"target_modules":["q_proj"],"rank_pattern":${pattern},"alpha_pattern":${pattern},"use_rslora":true,"use_dora":false,"modules_to_save":null,"bias":"none","init_lora_weights":true,"base_model_name_or_path":"x"}`,
      ),
    ),
  ],
  read(input) {
    const adapterOf = adaptersOf(
      parseAdapterConfig(Buffer.from(input).toString(), 'adapter_config.json'),
      'adapter_config.json',
    );
    for (const layer of LAYERS) adapterOf(layer);
  },
};

const configTarget: Target = {
  name: 'config',
  json: 'whole',
  words: [
    ...JSON_WORDS,
    ...['llama', 'gemma2', 'gpt2', 'rope_scaling', 'head_dim', 'layer_types'].map((word) => `"${word}"`),
  ],
  seeds: filesIn(join(repository, 'test/reference/fixtures/families'), /config\.json$/),
  read(input) {
    const config = parseConfig(Buffer.from(input).toString(), 'config.json');
    baseParameters(config, linearsOf(config));
  },
};

const TEXTS = ['Hello wörld 123', "  it's\n\t‘a’ 你好 👩‍👩‍👧 \u00a0x", '<s>[INST] a</s>', 'a'.repeat(40)];

const tokenizerTarget: Target = {
  name: 'tokenizer',
  json: 'whole',
  words: [
    ...JSON_WORDS,
    ...['Sequence', 'Split', 'ByteLevel', 'Metaspace', 'Regex', 'Replace', 'BPE', 'WordPiece', 'Unigram'].map(
      (word) => `"${word}"`,
    ),
  ],
  seeds: smallTokenizers(),
  read(input) {
    const json = parseSettings(Buffer.from(input).toString(), 'tokenizer.json', tokenizerJsonSchema);
    const sources = {
      json,
      configs: [{ add_bos_token: true }],
      models: [{ bos_token_id: 1, eos_token_id: [2, 3] }],
      where: 'x',
    };
    const tokenizer = createTokenizer({
      json,
      config: {},
      bosId: findBosId(sources),
      eosId: findEosId(sources),
      where: 'x',
    });
    for (const text of TEXTS) tokenizer.decode(tokenizer.encode(text, 'start').slice(0, 50), 'continuation');
  },
};

/** Tokenizers of every kind, with few enough tokens that thousands can be built in a second. */
function smallTokenizers(): Uint8Array[] {
  const vocab = Object.fromEntries(
    ['<unk>', '<s>', '</s>', '▁', 'a', 'b', 'Ġa', 'ab', '##a', 'H', 'e'].map((token, id) => [token, id]),
  );
  const added_tokens = [
    { id: 1, content: '<s>', special: true },
    { id: 2, content: '</s>', special: true, rstrip: true },
  ];
  const [bpe, unigram] = [
    { type: 'BPE', unk_token: '<unk>', byte_fallback: true, fuse_unk: true, vocab, merges: ['a b', ['Ġ', 'a']] },
    { type: 'Unigram', unk_id: 0, vocab: Object.keys(vocab).map((token) => [token, -1]) },
  ];
  const mark = { type: 'Replace', pattern: { String: ' ' }, content: '▁' };
  const single = [{ SpecialToken: { id: '<s>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }];
  const llama = {
    normalizer: { type: 'Sequence', normalizers: [{ type: 'Prepend', prepend: '▁' }, mark] },
    post_processor: {
      type: 'TemplateProcessing',
      single,
      pair: [],
      special_tokens: { '<s>': { id: '<s>', ids: [1] } },
    },
    decoder: {
      type: 'Sequence',
      decoders: [mark, { type: 'ByteFallback' }, { type: 'Fuse' }, { type: 'Strip', content: ' ', start: 1, stop: 0 }],
    },
  };
  const split = {
    type: 'Split',
    pattern: { Regex: ' ?\\p{L}+|\\p{N}{1,3}|\\s+(?!\\S)|\\s+' },
    behavior: 'Isolated',
    invert: false,
  };
  const byteLevel = { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: false };
  const gpt = {
    pre_tokenizer: { type: 'Sequence', pretokenizers: [split, { type: 'Digits', individual_digits: true }, byteLevel] },
    normalizer: { type: 'NFC' },
    decoder: byteLevel,
  };
  const bert = {
    normalizer: { type: 'BertNormalizer', lowercase: true },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    decoder: { type: 'WordPiece', prefix: '##' },
  };
  const t5 = {
    pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'first' },
    decoder: { type: 'Metaspace', replacement: '▁' },
  };
  return [
    { ...llama, model: bpe },
    { ...gpt, model: bpe },
    { ...bert, model: { type: 'WordPiece', unk_token: '<unk>', continuing_subword_prefix: '##', vocab } },
    { ...t5, model: unigram },
  ].map((json) => bytes(JSON.stringify({ version: '1.0', added_tokens, ...json })));
}

const CONVERSATION = {
  messages: [
    { role: 'system', content: 'Be kind.' },
    { role: 'user', content: 'Hi  ' },
    { role: 'assistant', content: ' Hello', tool_calls: [{ function: { name: 'f', arguments: { a: 1 } } }] },
  ],
  tools: [
    { type: 'function', function: { name: 'f', description: 'x', parameters: { type: 'object', properties: {} } } },
  ],
};

const templateTarget: Target = {
  name: 'template',
  words: [
    ...[
      '{%',
      '%}',
      '{{',
      '}}',
      '{#',
      '#}',
      '{%-',
      '-%}',
      ' in ',
      ' is ',
      ' if ',
      ' not ',
      '|',
      '~',
      '.',
      '[',
      ']',
      '(',
      ')',
      '**',
      '//',
    ],
    ...[
      '{% for m in messages %}',
      '{% endfor %}',
      '{% if ',
      '{% else %}',
      '{% endif %}',
      '{% set x = ',
      '{% macro f(a) %}',
      '{% endmacro %}',
    ],
    ...[
      '{{ f(1) }}',
      'range(10)',
      'namespace(x=1)',
      'ns.x',
      'messages',
      'content',
      'loop.index0',
      'tojson',
      'trim',
      'replace("a", "bb")',
    ],
    ...[
      '{% generation %}',
      '{% endgeneration %}',
      'strftime_now("%Y")',
      'raise_exception("x")',
      '10**9',
      '{% break %}',
      'x ~ x',
      '[x, x]',
    ],
  ],
  seeds: textsIn(JSON.parse(file(core, 'tokenizer/fixtures/chat-templates/model-configs.json').toString()))
    .filter((text) => text.includes('{%'))
    .map(bytes),
  read(input) {
    const settings = {
      tokens: { bos_token: '<s>', eos_token: '</s>' },
      specialTokens: ['<s>', '</s>'],
      date: new Date(0),
    };
    try {
      const { render } = compileChatTemplate({ source: Buffer.from(input).toString(), ...settings });
      render(CONVERSATION, true);
      render({ messages: CONVERSATION.messages }, false);
    } catch (error) {
      // Whoever loads or uses a template explains any error of it; what matters is that there is one, in time.
      if (!(error instanceof Error)) throw error;
    }
  },
};

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

const rowsOf = (read: (text: AsyncIterable<string>) => AsyncIterable<SourceRow>) => async (input: Uint8Array) => {
  // In two pieces, as large files come in many.
  const pieces = async function* () {
    yield input.subarray(0, input.length >> 1);
    yield input.subarray(input.length >> 1);
  };
  for await (const { value } of read(decodedText(pieces(), 'x'))) {
    if (value === undefined) throw new Error('a row is undefined');
  }
};

const jsonRow =
  '{"prompt":"a \\"b\\"","completion":"c\\n😀","n":[1,-2.5e3,{"x":null}],"messages":[{"role":"user","content":"x"}]}';

const jsonLinesTarget: Target = {
  name: 'jsonl',
  json: 'lines',
  words: [...JSON_WORDS, '\n', '\r\n', '\ufeff', '{}\n'],
  seeds: [bytes(`${jsonRow}\n\n${jsonRow}\r\n`), bytes('\ufeff{"a":"\\ud83d\\ude00"}')],
  read: rowsOf((text) => jsonLineRows(text, 'x.jsonl')),
};

const jsonTarget: Target = {
  name: 'json',
  json: 'whole',
  words: [...JSON_WORDS, '[{"a":1},', '\n', '\ufeff', '\\"'],
  seeds: [bytes(`[${jsonRow}, ${jsonRow}]`), bytes(' [ 1 , "a,]" , [[]] ]\n')],
  read: rowsOf((text) => jsonArrayRows(text, 'x.json')),
};

const csvTarget: Target = {
  name: 'csv',
  words: [',', '"', '""', '\n', '\r\n', '\r', '\t', ';', '\ufeff', '"a,b"', ',,', '__proto__', '"\n'],
  seeds: [bytes('prompt,completion\na,"b, ""c""\nd"\n\ne,f\r\n'), bytes('\ufeffa\tb\n1\t"2\n')],
  async read(input) {
    await rowsOf((text) => delimitedRows(text, 'x.csv', ','))(input).catch(refused);
    await rowsOf((text) => delimitedRows(text, 'x.tsv', '\t'))(input);
  },
};

const parquetTarget: Target = {
  name: 'parquet',
  words: ['PAR1', '\u0015\u0000', '\u0000\u0000\u0000', '\u00ff\u00ff\u00ff\u00ff\u000f', 'messages', 'schema'],
  seeds: filesIn(join(core, 'rows/fixtures/parquet'), /^(rows|integers)\..*parquet$/),
  async read(input) {
    const { buffer } = Uint8Array.from(input);
    for await (const { value } of parquetRows(buffer, 'x.parquet')) JSON.stringify(value);
  },
};

export const targets: readonly Target[] = [
  ...[safetensorsTarget, adapterTarget, configTarget, tokenizerTarget, templateTarget],
  ...[jsonLinesTarget, jsonTarget, csvTarget, parquetTarget],
];
