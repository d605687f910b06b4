import type { Answers } from './questions.ts';
import { titleOf } from './title-of.ts';

const ROWS = 4;

/** A few rows with the right fields, for the tests to run on until there are real ones: a JSON object a line. */
export function sampleRows({ fields, answer, labels }: Answers): string {
  const rows = Array.from({ length: Math.max(ROWS, labels.length) }, (_, i) => {
    const text = (field: string) => `${titleOf(field)} of row ${i + 1}`;
    const shown = fields.map((field) => [field, text(field)] as const);
    return Object.fromEntries([...shown, [answer, labels[i % labels.length] ?? text(answer)]]);
  });
  return `${rows.map((row) => JSON.stringify(row)).join('\n')}\n`;
}
