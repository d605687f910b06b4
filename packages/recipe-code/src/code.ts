import { defineRecipe, type Metric, type Recipe, resolveOptions } from '@counterweight/core/recipe';
import { defaultsOf } from './defaults.ts';
import { judgeWith } from './judge.ts';
import { compileRateMetric } from './metrics/compile-rate.ts';
import { editSimilarityMetric } from './metrics/edit-similarity.ts';
import { exactMatchMetric } from './metrics/exact-match.ts';
import { notTestedMetric } from './metrics/not-tested.ts';
import { passAtKMetric } from './metrics/pass-at-k.ts';
import { normalisedCode } from './normalised-code.ts';
import { type CodeOptions, codeOptionsSchema } from './options.ts';
import type { CodeOptionsInput } from './options-input.ts';
import { layout, render } from './render.ts';
import { answerFieldOf, type CodeRow, rowSchema } from './row.ts';
import { programRunner } from './sandbox/program-runner.ts';

/**
 * Code in TypeScript, JavaScript and Python: writes functions, fixes bugs, improves code, writes tests.
 * @throws {RecipeOptionError} naming the option that does not fit.
 */
export function code(input: CodeOptionsInput = {}): Recipe<CodeRow> {
  const options = resolveOptions(codeOptionsSchema, input);
  return defineRecipe({
    name: 'code',
    options,
    row: rowSchema(options.task, options.language),
    answerField: answerFieldOf(options.task),
    defaults: defaultsOf[options.task],
    layout,
    render,
    metrics: metricsOf(options),
    normaliseAnswer: normalisedCode,
  });
}

function metricsOf(options: CodeOptions): Metric<CodeRow>[] {
  const { passAt, language, limits, python, nodeModules, unsafeExecution } = options;
  const run = programRunner({ limits, python, unsafeExecution, ...(nodeModules === undefined ? {} : { nodeModules }) });
  const judge = judgeWith(run);
  // An empty program says whether programs can be run here at all, before a model has been trained to write them.
  const ready = async () => {
    await run({ language, source: '', tests: '' });
  };
  return [
    ...[...new Set(passAt)].map((k) => passAtKMetric(k, judge, ready)),
    ...(passAt.length > 0 ? [notTestedMetric(judge)] : []),
    compileRateMetric(python),
    editSimilarityMetric,
    exactMatchMetric,
  ];
}
