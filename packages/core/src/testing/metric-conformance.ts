import { meanOfScores } from '../recipe/metric.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { must, textOf } from './must.ts';

/** Metrics that prefer the right answers to none. */
export async function checkMetrics<Row>(recipe: Recipe<Row>, inputs: readonly unknown[]): Promise<void> {
  const rows = inputs.map((input) => recipe.parseRow(input));
  const right = rows.map((row) => ({ row, text: textOf(recipe.render(row).completion) }));
  const none = rows.map((row) => ({ row, text: '' }));
  for (const metric of recipe.metrics) {
    const { name, direction } = metric;
    const [best, worst] = [await metric.compute(right), await metric.compute(none)];
    // Nothing to measure: such a metric is left out of an evaluation of these rows.
    if (Number.isNaN(best) && Number.isNaN(worst)) continue;
    must(
      Number.isFinite(best) && Number.isFinite(worst),
      `${name} is not a number: ${best} for right answers, ${worst} for none`,
    );
    if (direction === 'descriptive') continue;
    const better = direction === 'higher-is-better' ? best > worst : best < worst;
    must(better, `${name} is ${best} for right answers and ${worst} for none, which is not ${direction}`);
    const single = await metric.compute(right.slice(0, 1));
    must(Number.isFinite(single) || Number.isNaN(single), `${name} is ${single} for a single row`);
  }
}

/** Scores of single outputs that say the same as the metric of all of them. */
export async function checkScores<Row>(recipe: Recipe<Row>, inputs: readonly unknown[]): Promise<void> {
  const rows = inputs.map((input) => recipe.parseRow(input));
  // The last row's output is none, so that a mean has something to be the mean of.
  const outputs = rows.map((row, i) => ({
    row,
    text: i < rows.length - 1 ? textOf(recipe.render(row).completion) : '',
  }));
  for (const { name, aggregation, perRow, compute } of recipe.metrics) {
    must(aggregation === undefined || perRow !== undefined, `${name} is the mean of scores, and has no perRow`);
    if (!perRow) continue;
    const overall = await compute(outputs);
    const scores = await Promise.all(outputs.map((output) => perRow(output)));
    must(
      scores.every((score) => Number.isFinite(score) || Number.isNaN(score)),
      `${name} gives an output the score ${scores.find((score) => !Number.isFinite(score))}`,
    );
    if (aggregation !== 'mean') continue;
    const mean = meanOfScores(scores);
    const same = Number.isNaN(overall) ? Number.isNaN(mean) : Math.abs(mean - overall) <= 1e-9 * Math.abs(overall);
    must(same, `${name} is ${overall}, and its scores have the mean ${mean}`);
  }
}
