import {
  defineRecipe,
  longAnswerEvidence,
  type Metric,
  meanOf,
  type Recipe,
  type RenderedExample,
} from '@counterweight/core/recipe';
import { completionOf, layout } from '../layout.ts';
import { levelInWords } from '../level.ts';
import { sameFinalAnswer } from '../metrics/final-answer.ts';
import { levelMetrics } from '../metrics/level-metrics.ts';
import { referenceOverlap } from '../metrics/reference-metrics.ts';
import type { OptionsOf } from '../options.ts';
import { type ExplainRow, explainRowSchema } from '../row.ts';

/**
 * Weng earns $12 an hour for babysitting. Yesterday, she just did 50 minutes of babysitting. How much did she earn?
 *
 * Explain it step by step to a student in grade 4. End with #### and the final number.
 * Weng earns 12/60 = $0.2 per minute. …
 * #### 10
 */
function renderWith({ finalAnswer }: OptionsOf<'explain'>) {
  return ({ question, level, explanation }: ExplainRow): RenderedExample => {
    const reader = `a ${level.scale === 'cefr' ? 'learner at' : 'student in'} ${levelInWords(level)}`;
    return {
      prompt: [
        { role: 'user', text: question, freedom: { case: true, typing: true } },
        { role: 'user', ...(finalAnswer ? stepByStep(reader) : inOwnWords(reader)) },
      ],
      completion: completionOf(explanation),
    };
  };
}

const stepByStep = (reader: string) => ({
  text: `\n\nExplain it step by step to ${reader}. End with #### and the final number.`,
  phrasings: {
    show: `\n\nShow ${reader} each step. End with #### and the final number.`,
    solve: `\n\nSolve it step by step for ${reader}. The last line is #### and the final number.`,
    heldOut: `\n\nGo through it one step at a time, for ${reader}, and finish with #### and the number that comes out.`,
  },
});

const inOwnWords = (reader: string) => ({
  text: `\n\nExplain it so that ${reader} understands.`,
  phrasings: {
    to: `\n\nExplain it to ${reader}.`,
    answer: `\n\nAnswer in a way that ${reader} understands.`,
    heldOut: `\n\nMake it clear to ${reader}.`,
  },
});

const solutionAccuracy = meanOf<ExplainRow>({
  name: 'solutionAccuracy',
  headline: true,
  direction: 'higher-is-better',
  definition:
    'Share of outputs whose final number, after the first ####, equals the explanation’s: GSM8K’s accuracy, but for ' +
    'numbers compared by value (“72.0” and “$72” equal “72”).',
  score: (row, text) => (sameFinalAnswer(row.explanation ?? '', text) ? 1 : 0),
});

/** The words of an explanation: a line with the final number would count as a sentence of its own. */
function proseOf(explanation: string): string {
  return explanation.split('####')[0] ?? '';
}

export function explainRecipe(options: OptionsOf<'explain'>): Recipe<ExplainRow> {
  const metrics: Metric<ExplainRow>[] = [
    ...levelMetrics<ExplainRow>(options, proseOf),
    referenceOverlap(({ explanation }) => explanation),
  ];
  return defineRecipe({
    name: 'education',
    options,
    row: explainRowSchema(options),
    answerField: 'explanation',
    defaults: {
      promptLossWeight: 0,
      promptLossWeightReason: `explanations are about as long as questions (R_g = 0.93 on GSM8K): ${longAnswerEvidence}`,
      generationRatio: 0.93,
      maxLength: 512,
      maxNewTokens: 176,
    },
    layout,
    render: renderWith(options),
    metrics: options.finalAnswer ? [solutionAccuracy, ...metrics] : metrics,
  });
}
