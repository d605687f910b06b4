import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../evaluate.ts';
import { generate } from '../generate.ts';
import { preview } from '../preview.ts';
import { plain } from '../recipe/plain.ts';
import { score } from '../score.ts';
import { storiesFolder as model } from '../tokenizer/test-support/tokenizers.ts';
import type { TrainingOptionsInput } from '../training/options.ts';

const folder = mkdtempSync(join(tmpdir(), 'counterweight-invalid-'));
const data = join(folder, 'rows.jsonl');
const good = (n: number) => JSON.stringify({ prompt: `Row ${n}.`, completion: ' Yes.', weight: 1 });
const lines = [
  good(1),
  '{"prompt": NaN}',
  good(3),
  '{"promt":"a","completion":"b"}',
  '{"prompt":"a"}',
  good(6),
  '',
  good(8),
];
writeFileSync(data, lines.join('\n'));

const receiptWith = async (training: TrainingOptionsInput) =>
  (await preview({ recipe: plain(), model, data, training })).receipt;

describe('invalid rows', () => {
  it('are all named in one error, each by its place and what is wrong with it', async () => {
    const error = await receiptWith({}).catch((caught: Error) => caught);
    expect((error as Error).message).toMatch(
      /^Several rows are invalid:\n.*rows\.jsonl, line 2, column 12: Line 2 is not JSON: NaN .*\n.*row 4, field "prompt": .*does not fit the recipe "plain".*\n.*row 5, field "completion": The row has no answer.*\n {2}where: .*line 2, column 12\n {2}fix: {3}.*--skip-invalid 3/,
    );
  });

  it('are left out up to a number, counted and named; with one more the run ends', async () => {
    const receipt = await receiptWith({ skipInvalid: 3, duplicates: 'count-near' });
    expect(receipt).toMatchObject({ rows: 7, kept: 4 });
    expect(receipt.dropped).toEqual([
      { file: data, line: 2, reason: 'invalid', problem: expect.stringContaining('NaN') },
      { file: data, line: 4, reason: 'invalid', problem: expect.stringContaining('does not fit the recipe "plain"') },
      { file: data, line: 5, reason: 'invalid', problem: expect.stringContaining('no answer') },
    ]);
    await expect(receiptWith({ skipInvalid: 2 })).rejects.toThrow(
      /^More than the 2 rows that may be left out are invalid:/,
    );
    await expect(receiptWith({ skipInvalid: 3, rowWeight: 'wieght' })).rejects.toThrow(/Did you mean|wieght/);
  });

  it('are named up to ten, or all that were allowed and one more', async () => {
    const many = Array.from({ length: 40 }, (_, n) => (n % 2 === 0 ? { prompt: 'a', completion: 'b' } : { n }));
    const named = async (skipInvalid: number) => {
      const error = await preview({ recipe: plain(), model, data: many, training: { skipInvalid } }).catch(
        (e: Error) => e,
      );
      return ((error as Error).message.match(/^ {4}/gm) ?? []).length;
    };
    expect([await named(0), await named(3), await named(14)]).toEqual([10, 10, 15]);
  });

  it('are left out of evaluations and scores too, with their outputs', async () => {
    const evaluation = await evaluate({
      recipe: plain(),
      model,
      data,
      engine: 'wasm',
      training: { skipInvalid: 3, evaluateLossesOnly: true },
    });
    expect(evaluation.rows).toBe(4);
    expect(evaluation.dropped?.map(({ line }) => line)).toEqual([2, 4, 5]);
    const generated = join(folder, 'outputs.jsonl');
    const rows = [{ prompt: 'a', completion: 'x' }, { nothing: 1 }, { prompt: 'b', completion: 'y' }];
    writeFileSync(generated, '"x"\n"?"\n"y"\n');
    const scored = await score({ recipe: plain(), data: rows, generated, skipInvalid: 1 });
    expect(scored).toEqual({ rows: 2, metrics: { exactMatch: 1 }, standardErrors: {} });
    await expect(score({ recipe: plain(), data: rows, generated })).rejects.toThrow(/does not fit the recipe "plain"/);
  });
});

it('are left out of what is answered, and told before', async () => {
  const told: unknown[] = [];
  const answered = (skipInvalid: number) =>
    generate({
      ...{ recipe: plain(), model, rows: data, engine: 'wasm', sampling: { maxNewTokens: 2 } },
      training: { skipInvalid },
      onRows: (rows, dropped) => told.push([rows, [...dropped].map(([row, { line }]) => [row, line])]),
    });
  // A row without its answer is one to answer.
  expect(await answered(2)).toHaveLength(5);
  expect(told).toEqual([
    [
      7,
      [
        [1, 2],
        [3, 4],
      ],
    ],
  ]);
  await expect(answered(1)).rejects.toThrow(/^More than the 1 rows[\s\S]*rows\.jsonl, row 4, field "prompt"/);
});

describe('rows without weight', () => {
  const rows = [
    { prompt: 'a', completion: 'b', w: 0 },
    { prompt: 'a', w: 0 },
    { prompt: 'a', completion: 'c', w: 1 },
    {
      messages: [
        { role: 'user', content: 'a' },
        { role: 'assistant', content: 'd', weight: 0 },
      ],
      w: 1,
    },
  ];
  const training = { rowWeight: 'w', skipInvalid: 1, format: 'plain' } as const;

  it('are dropped as such, beside those that are invalid, which are so whatever their weight', async () => {
    const { receipt } = await preview({ recipe: plain(), model, data: rows, training });
    expect(receipt.dropped.map(({ line, reason }) => [line, reason])).toEqual([
      [2, 'invalid'],
      [1, 'no-weight'],
      [4, 'no-weight'],
    ]);
    const none = { ...training, skipInvalid: 0 };
    await expect(preview({ recipe: plain(), model, data: rows, training: none })).rejects.toThrow(/row 2, field/);
  });
});

describe('columns that are named otherwise', () => {
  it.each([
    [{ promt: 'Q', completion: 'A' }, /reads no field "promt"/, '--map completion=A,prompt=Q'],
    [{ Q: 'prompt', completion: 'A' }, /reads no field "Q"/, '--map completion=A,prompt=Q'],
    [{ prompt: 'Q', colour: 'A' }, /reads no field "colour"/, 'its fields are messages, '],
  ])('have names that the recipe reads: %j', async (map, problem, fix) => {
    const rows = [{ Q: 'a', A: 'b' }];
    const told = { code: 'option-invalid', problem: expect.stringMatching(problem), fix: expect.stringContaining(fix) };
    await expect(preview({ recipe: plain(), model, data: rows, training: { map } })).rejects.toMatchObject(told);
    await expect(score({ recipe: plain(), data: rows, generated: 'x', map })).rejects.toMatchObject(told);
  });

  it('are no rows without their answer', async () => {
    const rows = [{ Q: 'a', A: '' }];
    const map = { prompt: 'Q', completion: 'A' };
    await expect(preview({ recipe: plain(), model, data: rows, training: { map } })).rejects.toMatchObject({
      where: 'row 1, field "A"',
      fix: expect.stringContaining('Fill in "A", or'),
    });
  });

  it('are read by recipe, split and weight, under either name', async () => {
    const rows = Array.from({ length: 8 }, (_, n) => ({
      Question: `Q ${n}`,
      meta: { Answer: ` A ${n}`, group: n % 4, w: 2 },
    }));
    const map = { prompt: 'Question', completion: 'meta.Answer', weight: 'meta.w' };
    for (const rowWeight of ['weight', 'meta.w']) {
      const { receipt, examples } = await preview({ recipe: plain(), model, data: rows, training: { map, rowWeight } });
      expect(receipt.kept).toBe(8);
      expect(examples[0]?.text).toContain('Q 0 A 0');
      expect(Math.max(...(examples[0]?.weights ?? []))).toBe(2);
    }
  });
});
