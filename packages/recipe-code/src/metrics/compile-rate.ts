import type { Metric } from '@counterweight/core/recipe';
import { answerCode } from '../answer-code.ts';
import { compiles } from '../program/compiles.ts';
import type { CodeRow } from '../row.ts';

/** The share of outputs that parse. Nothing is run, so this needs no sandbox. */
export function compileRateMetric(python: string): Metric<CodeRow> {
  return {
    name: 'compileRate',
    direction: 'higher-is-better',
    definition:
      'Share of outputs whose code parses: TypeScript by its compiler, types not checked; JavaScript by V8; Python by ' +
      'its own compiler. An output without code does not.',
    async compute(predictions) {
      const answers = await compiles(
        predictions.map(({ row, text }) => ({
          language: row.language,
          code: answerCode(row, text),
          place: row.task === 'write-tests' ? 'function' : 'top-level',
        })),
        python,
      );
      return answers.filter(Boolean).length / answers.length;
    },
  };
}
