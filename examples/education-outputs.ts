/**
 * The recipe's metrics on outputs that exist already, before any training:
 *
 *     node examples/education-outputs.ts
 *
 * Three ways to rewrite OneStopEnglish without a model, each with what gives it away. Copying keeps every word and
 * misses the level. A full stop after every six words brings the grade down, below what was asked for, and simplifies
 * nothing: SARI and the content words do not notice. The rewriting of another row keeps no content. Then three hints.
 */
import { fileURLToPath } from 'node:url';
import type { Recipe } from '@counterweight/core/recipe';
import { education, type HintRow, type RewriteRow } from '@counterweight/recipe-education';
import { sampleRows } from './workspace.ts';

type Scores = Record<string, Record<string, number>>;

export async function judgeRewritings(): Promise<Scores> {
  const recipe = education();
  const rows = await rowsOf(recipe, 'onestop-eval');
  const others = new Map(rows.map((row, i) => [row, rows[(i + 1) % rows.length]]));
  return judge<RewriteRow>(recipe, rows, {
    copied: (row) => row.text,
    chopped: (row) => row.text.replace(/((?:\S+ ){5}\S+) (?=(?:\S+ ){5})/g, '$1. '),
    another: (row) => others.get(row)?.rewritten ?? '',
    reference: (row) => row.rewritten ?? '',
  });
}

export async function judgeHints(): Promise<Scores> {
  const recipe = education({ task: 'hint' });
  return judge<HintRow>(recipe, await rowsOf(recipe, 'cima-eval'), {
    answer: (row) => `It is "${row.answer.toUpperCase()}"!`,
    silence: () => '',
    reference: (row) => row.hint ?? '',
  });
}

async function judge<Row>(
  recipe: Recipe<Row>,
  rows: readonly Row[],
  ways: Record<string, (row: Row) => string>,
): Promise<Scores> {
  const scores: Scores = {};
  for (const [way, write] of Object.entries(ways)) {
    const predictions = rows.map((row) => ({ row, text: write(row) }));
    const ofWay: Record<string, number> = {};
    for (const metric of recipe.metrics) ofWay[metric.name] = Number((await metric.compute(predictions)).toFixed(3));
    scores[way] = ofWay;
  }
  return scores;
}

async function rowsOf<Row>({ parseRow }: Recipe<Row>, name: string): Promise<Row[]> {
  return (await sampleRows(`recipe-education/fixtures/${name}.jsonl`)).map(parseRow);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.table(await judgeRewritings());
  console.table(await judgeHints());
}
