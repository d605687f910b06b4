/**
 * The recipe's metrics on outputs that exist already, before any training:
 *
 *     node examples/judge-outputs.ts
 *
 * Three ways to rewrite OneStopEnglish without a model, each with what gives it away. Copying keeps every word and
 * misses the level. A full stop after every six words brings the grade down, below what was asked for, and simplifies
 * nothing: SARI and the content words do not notice. The rewriting of another row keeps no content. Then three hints.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Recipe } from '@counterweight/core/recipe';
import { education, type HintRow, type RewriteRow } from '@counterweight/recipe-education';

type Scores = Record<string, Record<string, number>>;

export async function judgeRewritings(): Promise<Scores> {
  const recipe = education();
  const rows = rowsOf(recipe, 'onestop-eval');
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
  return judge<HintRow>(recipe, rowsOf(recipe, 'cima-eval'), {
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

function rowsOf<Row>(recipe: Recipe<Row>, name: string): Row[] {
  const lines = readFileSync(new URL(`../fixtures/${name}.jsonl`, import.meta.url), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => recipe.parseRow(JSON.parse(line)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.table(await judgeRewritings());
  console.table(await judgeHints());
}
