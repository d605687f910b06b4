import { describe, expect, it } from 'vitest';
import { takeExamples } from '../batches/take-examples.ts';
import { UserError } from '../errors.ts';
import { type PlainRow, plain } from '../recipe/plain.ts';
import { sourceRowsOf } from '../rows/source-row.ts';
import { tinyTokenizer } from '../testing/tiny-tokenizer.ts';
import { prepareExamples } from './prepare-examples.ts';
import { tokenizeHere } from './tokenize-rows.ts';

const options = {
  recipe: plain(),
  tokenizeChunk: tokenizeHere(tinyTokenizer(), undefined),
  weights: { promptLossWeight: 0.5, templateLossWeight: 0 },
  maxLengthOf: () => 12,
};
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
    expect(examples.map((example) => example.ids.length)).toEqual([12, 12]);
    expect(receipt).toEqual({
      rows: 3,
      kept: 2,
      cut: 1,
      cutTokens: 5,
      dropped: [{ file: undefined, line: 2, reason: 'too-long' }],
      promptTokens: 9 + 8,
      completionTokens: 3 + 4,
      generationRatio: 7 / 17,
      promptWeightShare: (0.5 * 15) / (0.5 * 15 + 7),
      lengths: { median: 12, p90: 12, p99: 12, longest: 12 },
      tallies: { 'rows of prompt and completion': 2 },
    });
  });

  it.each([
    [
      'a row that does not fit',
      [
        { prompt: 'a', completion: 'b' },
        { text: 'x', label: 'y' },
      ],
      'row-invalid',
      /row 2, field "prompt"/,
    ],
    ['the fields it has instead', [{ text: 'x', label: 'y' }], 'row-invalid', /it has the fields "text", "label"/],
    [
      'a row without an answer',
      [{ prompt: 'a' }],
      'row-invalid',
      /no answer to learn from[\s\S]*row 1, field "completion"/,
    ],
    ['an empty answer', [{ prompt: 'a', completion: '' }], 'row-invalid', /no answer to learn from/],
    [
      'an answer longer than the context',
      [{ prompt: 'a', completion: 'x'.repeat(12) }],
      'example-too-long',
      /14 tokens/,
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
