import type { Metric, Prediction } from '@counterweight/core/recipe';
import { answerCode } from '../answer-code.ts';
import { compiles, type Source } from '../program/compiles.ts';
import type { CodeRow } from '../row.ts';

/** The share of outputs that parse. Nothing is run, so this needs no sandbox. */
export function compileRateMetric(python: string): Metric<CodeRow> {
  // Compilers take many sources at once far more quickly than one by one.
  const known = new WeakMap<Prediction<CodeRow>, boolean>();
  return {
    name: 'compileRate',
    direction: 'higher-is-better',
    definition:
      'Share of outputs whose code parses: TypeScript by its compiler, types not checked; JavaScript by V8; Python by ' +
      'its own compiler. An output without code does not.',
    async compute(predictions) {
      const answers = await compiles(predictions.map(sourceOf), python);
      for (const [i, prediction] of predictions.entries()) known.set(prediction, answers[i] ?? false);
      return answers.filter(Boolean).length / answers.length;
    },
    perRow: async (prediction) =>
      Number(known.get(prediction) ?? (await compiles([sourceOf(prediction)], python))[0] ?? false),
  };
}

const sourceOf = ({ row, text }: Prediction<CodeRow>): Source => ({
  language: row.language,
  code: answerCode(row, text),
  place: row.task === 'write-tests' ? 'function' : 'top-level',
});
