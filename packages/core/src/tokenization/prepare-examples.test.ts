import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { targetWeight } from '../batches/loss-weights.ts';
import { takeExamples } from '../batches/take-examples.ts';
import { UserError } from '../errors.ts';
import { extendRecipe } from '../recipe/extend-recipe.ts';
import { type PlainRow, plain } from '../recipe/plain.ts';
import { type SourceRow, sourceRowsOf } from '../rows/source-row.ts';
import { tinyTokenizer } from '../testing/tiny-tokenizer.ts';
import type { TrainingOptionsInput } from '../training/options.ts';
import { parseTrainingOptions } from '../training/parse-options.ts';
import { type PrepareOptions, prepareExamples } from './prepare-examples.ts';
import { cached } from './tokenization-cache.ts';
import { CHUNK_ROWS, tokenizeHere } from './tokenize-rows.ts';

/** 4 tokens are generated at most, so a prompt may have 8 of 12. */
const recipe = extendRecipe(plain(), { defaults: { maxNewTokens: 4 } });
const options = {
  recipe,
  tokenizeChunk: tokenizeHere(tinyTokenizer(), undefined),
  training: parseTrainingOptions({ promptLossWeight: 0.5 }),
  maxLengthOf: () => 12,
};
type Options = PrepareOptions<PlainRow>;
const prepare = async (...rows: unknown[]) => {
  const kept: PlainRow[] = [];
  const onRow = (row: PlainRow) => kept.push(row);
  const { examples, receipt } = await prepareExamples({ ...options, sourceRows: sourceRowsOf(rows), onRow });
  return { examples: takeExamples(examples), receipt, rows: kept };
};

describe('prepareExamples', () => {
  it('keeps rows and examples side by side, and accounts for all of them', async () => {
    const chat = {
      messages: [
        { role: 'system', content: 'A system text' },
        { role: 'assistant', content: 'ok' },
      ],
    };
    const { examples, rows, receipt } = await prepare({ prompt: '12345678', completion: 'ab' }, chat, {
      prompt: '123456789012',
      completion: 'abc',
    });
    expect(rows.map((row) => row.completion)).toEqual(['ab', 'abc']);
    expect(examples.map((example) => example.ids.length)).toEqual([11, 12]);
    expect(receipt).toEqual({
      rows: 3,
      kept: 2,
      cut: 2,
      cutTokens: 6,
      cutAnswers: 0,
      dropped: [{ file: undefined, line: 2, reason: 'too-long' }],
      promptTokens: 8 + 8,
      completionTokens: 3 + 4,
      generationRatio: 7 / 16,
      promptWeightShare: (0.5 * 14) / (0.5 * 14 + 7),
      lengths: { median: 11, p90: 12, p99: 12, longest: 12 },
      tallies: { 'rows of prompt and completion': 2 },
      unused: {},
    });
  });

  it('counts what rows say and nothing reads, dropped rows too', async () => {
    const row = { prompt: 'a', completion: 'b', category: 'x' };
    const { receipt } = await prepare(
      row,
      { ...row, note: '' },
      { ...row, prompt: 'a', completion: 'x'.repeat(12), note: 1 },
    );
    expect([receipt.kept, receipt.unused]).toEqual([2, { category: 3, note: 1 }]);
  });

  it.each([
    [
      'a row that does not fit',
      [
        { prompt: 'a', completion: 'b' },
        { text: 'x', label: 'y' },
      ],
      'row-invalid',
      /row 2, field "text"/,
    ],
    ['the fields it has instead', [{ text: 'x', label: 'y' }], 'row-invalid', /it has the fields "text", "label"/],
    [
      'a row without an answer',
      [{ prompt: 'a' }],
      'row-invalid',
      /no answer to learn from[\s\S]*row 1, field "completion"/,
    ],
    ['an empty answer', [{ prompt: 'a', completion: '' }], 'row-invalid', /no answer to learn from/],
    ['an answer of white space', [{ prompt: 'a', completion: ' \n' }], 'row-invalid', /nothing but white space/],
    [
      'an answer under another name',
      [{ prompt: 'a', reply: 'b' }],
      'row-invalid',
      /Fill in "completion"[\s\S]*another field \(it has the fields "prompt", "reply"\), say so: --map completion=FIELD/,
    ],
    [
      'a conversation that the user ends',
      [
        {
          messages: [
            { role: 'user', content: 'a' },
            { role: 'assistant', content: 'b' },
            { role: 'user', content: 'c' },
          ],
        },
      ],
      'row-invalid',
      /no answer to learn from: the last message is the user's/,
    ],
    [
      'answers that are all too long',
      [{ prompt: 'a', completion: 'x'.repeat(12) }],
      'nothing-to-train-on',
      /None of 1 rows is left: 0 too long, 1 with too long an answer[\s\S]*--long-answers cut/,
    ],
    ['no rows', [], 'nothing-to-train-on', /There are no rows/],
    [
      'no row that fits',
      [
        {
          messages: [
            { role: 'system', content: 'far too long' },
            { role: 'assistant', content: 'b' },
          ],
        },
      ],
      'nothing-to-train-on',
      /None of 1 rows is left: 1 too long/,
    ],
  ])('explains %s', async (_, rows, code, message) => {
    const error: unknown = await prepare(...rows).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
  });
});

const prepared = async (rows: readonly unknown[], training: TrainingOptionsInput, more: Partial<Options> = {}) => {
  const own = { ...options, ...more, training: parseTrainingOptions(training), sourceRows: sourceRowsOf(rows) };
  const { examples, receipt } = await prepareExamples(own);
  const weights = takeExamples(examples).map((example) =>
    Array.from(example.ids, (_, i) => targetWeight(example, i)).slice(1),
  );
  return { weights, receipt };
};

describe('weights', () => {
  const rows = [{ prompt: 'ab', completion: 'c' }];
  /** For conversations, which are written with their roles. */
  const roomy = { maxLengthOf: () => 200 };

  it('are those of conversations too, which the receipt tells apart', async () => {
    const messages = [
      { role: 'user', content: 'a' },
      { role: 'assistant', content: 'b' },
    ];
    const { receipt } = await prepared([{ messages }, ...rows], { format: 'plain' }, roomy);
    expect(receipt.tallies).toMatchObject({ 'conversations in the plain layout, "User:" and "Assistant:"': 1 });
  });

  it('are those of the options, or else of the recipe, times the row’s own', async () => {
    expect((await prepared(rows, { promptLossWeight: 0.25 })).weights).toEqual([[0.25, 0.25, 1, 1]]);
    const own = extendRecipe(recipe, { defaults: { promptLossWeight: 0.5, promptLossWeightReason: 'a test' } });
    expect((await prepared(rows, {}, { recipe: own })).weights).toEqual([[0.5, 0.5, 1, 1]]);
    const rowWeightOf = ({ value }: SourceRow) => (value as { weight?: number }).weight ?? 1;
    const weighted = [{ ...rows[0], weight: 3 }, rows[0]];
    const { weights, receipt } = await prepared(weighted, { promptLossWeight: 0.5 }, { rowWeightOf });
    expect(weights).toEqual([
      [1.5, 1.5, 3, 3],
      [0.5, 0.5, 1, 1],
    ]);
    expect(receipt.promptWeightShare).toBeCloseTo(1 / 3, 12);
  });

  it('give the prompt its share of the total, segments keeping their proportions', async () => {
    // The prompts weigh 2 + 1, the completions 2 + 4: a quarter of the total is 2 of 8.
    const { weights, receipt } = await prepared([...rows, { prompt: 'a', completion: 'bcd' }], {
      promptLossFraction: 0.25,
    });
    expect(weights.map((one) => one.map((weight) => weight.toFixed(6)))).toEqual([
      ['0.666667', '0.666667', '1.000000', '1.000000'],
      ['0.666667', '1.000000', '1.000000', '1.000000', '1.000000'],
    ]);
    expect(receipt.promptWeightShare).toBeCloseTo(0.25, 12);
    expect((await prepared(rows, { promptLossFraction: 0 })).weights).toEqual([[0, 0, 1, 1]]);
  });

  it('leave a greeting out where replies are learnt, and all earlier answers where only the last turn is', async () => {
    const spoken = ['e', 'a', 'b', 'c', 'd'].map((content, i) => ({ role: i % 2 ? 'user' : 'assistant', content }));
    const messages = [{ role: 'system', content: 'f' }, ...spoken];
    const learnt = async (trainOn: 'all-turns' | 'replies' | 'last-turn') =>
      (await prepared([{ messages }], { promptLossWeight: 0, trainOn }, roomy)).weights[0]?.reduce((a, b) => a + b);
    expect(await learnt('all-turns')).toBe(6);
    expect(await learnt('replies')).toBe(4);
    expect(await learnt('last-turn')).toBe(2);
  });

  it.each([
    ['of no weight', { promptLossWeight: 0 }],
    ['without a completion to divide by', { promptLossWeight: 1, lossNormalization: 'completion-count' }],
    ['without a completion to take a share of', { promptLossFraction: 0.5 }],
  ] as const)('drop a row %s before the run, however it is dealt out to steps', async (_, training) => {
    const messages = [
      { role: 'user', content: 'a' },
      { role: 'assistant', content: 'b', weight: 0 },
    ];
    const { receipt } = await prepared([{ messages }, ...rows], training, roomy);
    expect(receipt.dropped).toEqual([{ file: undefined, line: 1, reason: 'no-weight' }]);
  });

  it('are no part of what is cached: runs with other weights find the same files', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'counterweight-'));
    const many = Array.from({ length: CHUNK_ROWS }, (_, i) => ({ prompt: `${i % 100}`, completion: 'ab' }));
    let tokenized = 0;
    const counted: typeof options.tokenizeChunk = (chunk) => {
      tokenized++;
      return options.tokenizeChunk(chunk);
    };
    const tokenizeChunk = cached(counted, { folder, wordsHash: 'tiny' });
    const alone = async (training: TrainingOptionsInput) =>
      expect(await prepared(many, training, { tokenizeChunk })).toEqual(await prepared(many, training));
    await alone({ promptLossWeight: 0 });
    const files = readdirSync(folder);
    await alone({ promptLossWeight: 1 });
    await alone({ promptLossFraction: 0.3, lossNormalization: 'per-example' });
    await alone({ promptLossWeight: 0.1, systemLossWeight: 2, userLossWeight: 0.3, templateLossWeight: 0.1 });
    await prepared(many, {}, { tokenizeChunk, rowWeightOf: () => 2 });
    expect(tokenized).toBe(1);
    expect(readdirSync(folder)).toEqual(files);
    rmSync(folder, { recursive: true });
  });
});

it('drops or cuts rows with too long an answer as it is told, and counts them by name', async () => {
  const rows = [
    { prompt: 'ab', completion: 'c' },
    { prompt: 'ab', completion: '0123456789' },
  ];
  const dropped = await prepared(rows, {});
  expect(dropped.receipt).toMatchObject({
    kept: 1,
    cutAnswers: 0,
    dropped: [{ file: undefined, line: 2, reason: 'answer-too-long' }],
  });
  const cut = await prepared(rows, { longAnswers: 'cut' });
  expect(cut.receipt).toMatchObject({ kept: 2, cut: 0, cutAnswers: 1, dropped: [], completionTokens: 2 + 9 });
});
