import type { Recipe } from '../recipe/recipe.ts';
import { must } from './must.ts';

/** Answers without a model: one for each row, and the same for a row that has none yet. */
export function checkBaseline<Row>(
  recipe: Recipe<Row>,
  inputs: readonly unknown[],
  withoutAnswer: (row: unknown) => unknown,
): void {
  const { baseline } = recipe;
  if (!baseline) return;
  must(baseline.name.trim() !== '', 'the baseline must say what it does');
  const rows = inputs.map((input) => recipe.parseRow(input));
  const open = inputs.map((input) => recipe.parseRow(withoutAnswer(input)));
  for (const training of [[], rows]) {
    const answers = baseline.answer(rows, training);
    must(
      answers.length === rows.length && answers.every((answer) => typeof answer === 'string'),
      `the baseline gives ${answers.length} answers to ${rows.length} rows`,
    );
    const asked = baseline.answer(open, training);
    must(JSON.stringify(asked) === JSON.stringify(answers), 'the baseline depends on the answers of the rows');
  }
}
