import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { extendRecipe } from './recipe/extend-recipe.ts';
import type { PlainRow } from './recipe/plain.ts';
import { plain } from './recipe/plain.ts';
import type { Metric } from './recipe/recipe.ts';
import { score } from './score.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counterweight-score-'));
  await writeFile(join(folder, 'rows.csv'), 'prompt,completion\na,yes\nb,"two\nlines"\n');
});
afterAll(() => rm(folder, { recursive: true }));

/** Outputs of a row, as pass@k sees them: consecutive, with one row object. */
const outputsOfARow: Metric<PlainRow> = {
  name: 'outputsOfARow',
  direction: 'higher-is-better',
  definition: 'for a test',
  compute: async (predictions) => predictions.length / new Set(predictions.map(({ row }) => row)).size,
};
const recipe = extendRecipe(plain(), { metrics: (base) => [...base.metrics, outputsOfARow] });

const scored = async (text: string) => {
  const generated = join(folder, 'outputs.jsonl');
  await writeFile(generated, text);
  return score({ recipe, data: join(folder, 'rows.csv'), generated });
};

describe('score', () => {
  it.each([
    ['strings, one a line', '"yes"\n"two\\nlines"\n', { exactMatch: 1, outputsOfARow: 1 }],
    ['without a line break at the end', '"yes"\n"no"', { exactMatch: 0.5, outputsOfARow: 1 }],
    ['as Windows writes them', '\uFEFF"yes"\r\n"no"\r\n', { exactMatch: 0.5, outputsOfARow: 1 }],
    ['several of a row', '["yes","no","no"]\n["","",""]\n', { exactMatch: 1 / 6, outputsOfARow: 3 }],
  ])('measures %s', async (_, text, metrics) => {
    expect(await scored(text)).toMatchObject({ rows: 2, metrics });
  });

  it('leaves out a row that there is no output for', async () => {
    expect(await scored('"yes"\nnull\n')).toEqual({
      rows: 1,
      metrics: { exactMatch: 1, outputsOfARow: 1 },
      standardErrors: {},
    });
  });

  const recorded = (row: number, reference: string, output: string) =>
    `${JSON.stringify({ row, prompt: 'p', reference, output, cut: false, scores: { exactMatch: 0 } })}\n`;

  it('measures what a run wrote down, for the rows that it did', async () => {
    const two = recorded(1, 'yes', 'no') + recorded(1, 'yes', 'yes') + recorded(2, 'two\nlines', 'two\nlines');
    expect(await scored(two)).toMatchObject({ rows: 2, metrics: { exactMatch: 2 / 3, outputsOfARow: 1.5 } });
    const one = recorded(2, 'two\nlines', 'two\nlines');
    expect(await scored(one)).toEqual({ rows: 1, metrics: { exactMatch: 1, outputsOfARow: 1 }, standardErrors: {} });
    // What was written to a row in other words is no second output of it.
    const again = { row: 2, prompt: 'P', reference: 'two\nlines', output: 'no', perturbation: 'case', changed: true };
    expect(await scored(`${one}${JSON.stringify(again)}\n`)).toEqual(await scored(one));
  });

  it.each([
    ['other rows', recorded(2, 'yes', 'yes'), /row 2 had another answer[\s\S]*line 1/],
    [
      'rows that are not there',
      recorded(1, 'yes', 'a') + recorded(3, 'yes', 'a'),
      /row 3 had another answer[\s\S]*line 2/,
    ],
    ['a bare output among them', `${recorded(1, 'yes', 'a')}"b"\n`, /this one does not[\s\S]*line 2/],
    ['too few lines', '"yes"\n', /2 rows, but 1 lines of outputs/],
    ['too many lines', '"a"\n"b"\n"c"\n', /2 rows, but 3 lines/],
    ['a bare text', '"yes"\nno\n', /neither a JSON string nor an array of them: no[\s\S]*outputs\.jsonl, line 2/],
    ['a number', '7\n"b"\n', /line 1/],
    ['an object', '{"text":"a"}\n"b"\n', /line 1/],
    ['no output of a row', '"a"\n[]\n', /line 2/],
    ['numbers among the strings', '["a", 1]\n"b"\n', /line 1/],
    ['an empty line', '"a"\n\n"b"\n', /line 2/],
  ])('explains %s', async (_, text, message) => {
    const error = await scored(text).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'UserError', code: 'file-malformed', message: expect.stringMatching(message) });
  });

  it('asks the metrics first whether they can measure here', async () => {
    const refusing = { ...outputsOfARow, ready: () => Promise.reject(new Error('no sandbox')) };
    const generated = join(folder, 'outputs.jsonl');
    await writeFile(generated, '"a"\n"b"\n');
    const unready = { ...recipe, metrics: [refusing] };
    await expect(score({ recipe: unready, data: join(folder, 'rows.csv'), generated })).rejects.toThrow('no sandbox');
  });

  it('explains a file that is not there', async () => {
    const missing = score({ recipe, data: join(folder, 'rows.csv'), generated: join(folder, 'none.jsonl') });
    await expect(missing).rejects.toMatchObject({ code: 'file-not-found' });
  });
});
