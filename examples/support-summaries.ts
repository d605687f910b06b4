/**
 * Is it a good summary? The recipe's metrics on outputs that exist already, before any training:
 *
 *     node examples/support-summaries.ts
 *
 * Three ways to summarize the conversations of the fixture without a model, each with what gives it away: the customer's
 * first words (copied: coverage 1, high density), the whole conversation (no compression, more than one sentence), and a
 * right summary with a number that nobody said.
 */
import { fileURLToPath } from 'node:url';
import { support } from '@counterweight/recipe-support';
import { sampleRows } from './workspace.ts';

const recipe = support({ task: 'one-sentence-summary' });

export async function scoreSummaries(): Promise<Record<string, Record<string, number>>> {
  const rows = (await sampleRows('recipe-support/fixtures/one-sentence-summaries.jsonl')).map(recipe.parseRow);
  const ways: Record<string, (row: (typeof rows)[number]) => string> = {
    reference: (row) => row.summary ?? '',
    firstWords: (row) => /^Customer: (.*)$/m.exec(row.source)?.[1] ?? '',
    everything: (row) => row.source,
    invented: (row) => `${row.summary?.replace(/\.$/, '')} for $99.`,
  };
  const scores: Record<string, Record<string, number>> = {};
  for (const [way, summarize] of Object.entries(ways)) {
    const predictions = rows.map((row) => ({ row, text: summarize(row) }));
    scores[way] = {};
    for (const metric of recipe.metrics) scores[way][metric.name] = await metric.compute(predictions);
  }
  return scores;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.table(await scoreSummaries());
}
