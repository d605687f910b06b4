import type { AnyRecipe } from '@counterweight/core';
import { nameOf, openRecipe, tasks } from '../../experiments/recipes/tasks.ts';
import { shapes } from '../../packages/core/src/recipe/shapes/shapes.ts';
import { code, plain, table } from './markdown.ts';

/** Kinds of rows of the plain recipe, then each task's fields and metrics. */
export function metricTables(): string {
  const kinds = table(
    ['kind', 'a row'],
    shapes.map(({ name, example }) => [name, code(example)]),
  );
  return ['## plain', kinds, ...tasks.map((task) => taskSection(nameOf(task), openRecipe(task)))].join('\n\n');
}

function taskSection(name: string, { rowFields = [], answerField, metrics }: AnyRecipe): string {
  const fields = rowFields.map((field) => (field === answerField ? `${code(field)} (the answer)` : code(field)));
  const lines = metrics.map((metric, at) => [
    `${code(metric.name)}${metric.headline || (at === 0 && metrics.every(({ headline }) => !headline)) ? ' ★' : ''}`,
    metric.direction.replaceAll('-', ' '),
    plain(metric.definition),
  ]);
  return `## ${name}\n\nA row: ${fields.join(', ')}.\n\n${table(['metric', 'direction', 'definition'], lines)}`;
}
