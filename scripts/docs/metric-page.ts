import type { AnyRecipe } from '@counterweight/core';
import { nameOf, openRecipe, tasks } from '../../experiments/recipes/tasks.ts';
import { code, plain, table } from './markdown.ts';

/** Each task's fields and metrics. */
export const metricTables = (): string => tasks.map((task) => taskSection(nameOf(task), openRecipe(task))).join('\n\n');

function taskSection(name: string, { rowFields = [], answerField, metrics }: AnyRecipe): string {
  const fields = rowFields.map((field) => (field === answerField ? `${code(field)} (the answer)` : code(field)));
  const lines = metrics.map((metric, at) => [
    `${code(metric.name)}${metric.headline || (at === 0 && metrics.every(({ headline }) => !headline)) ? ' ★' : ''}`,
    metric.direction.replaceAll('-', ' '),
    plain(metric.definition),
  ]);
  return `## ${name}\n\nA row: ${fields.join(', ')}.\n\n${table(['metric', 'direction', 'definition'], lines)}`;
}
