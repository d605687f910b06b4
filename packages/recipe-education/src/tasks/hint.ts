import {
  defineRecipe,
  type Recipe,
  type RenderedExample,
  type Segment,
  shortAnswerEvidence,
} from '@counterweight/core/recipe';
import { completionOf, layout, workSegments } from '../layout.ts';
import { levelInWords } from '../level.ts';
import { levelMetrics } from '../metrics/level-metrics.ts';
import { asksLikeReference, referenceOverlap } from '../metrics/reference-metrics.ts';
import { withholdsAnswer } from '../metrics/withholds-answer.ts';
import type { OptionsOf } from '../options.ts';
import { type HintRow, hintRowSchema } from '../row.ts';

/**
 * Problem: Say in Italian: "is behind the pink tree".
 * Work so far:
 * Student: What is tree again?
 * Answer, to be kept secret: e dietro l'albero rosa
 *
 * Give the student a hint for the next step. Do not give the answer away.
 * Look at the order of your words: adjectives follow the noun.
 */
function renderWith({ showAnswer }: OptionsOf<'hint'>) {
  return ({ problem, work, answer, level, hint }: HintRow): RenderedExample => {
    const student = level ? `the student, who is at ${levelInWords(level)},` : 'the student';
    const secret: Segment = {
      role: 'user',
      text: `Answer, to be kept secret: ${answer}\n`,
      freedom: { part: 'answer' },
    };
    return {
      prompt: [
        { role: 'user', text: `Problem: ${problem}\n`, freedom: { typing: true, part: 'problem' } },
        ...workSegments(work),
        ...(showAnswer ? [secret] : []),
        {
          role: 'user',
          text: `\nGive ${student} a hint for the next step. Do not give the answer away.`,
          phrasings: {
            help: `\nHelp ${student} with the next step, without giving the answer away.`,
            what: `\nWhat hint helps ${student} to the next step? Do not say the answer.`,
            heldOut: `\nPoint ${student} to the step that comes next and keep the answer to yourself.`,
          },
        },
      ],
      completion: completionOf(hint),
    };
  };
}

export function hintRecipe(options: OptionsOf<'hint'>): Recipe<HintRow> {
  const hintOf = ({ hint }: HintRow) => hint;
  return defineRecipe({
    name: 'education',
    options,
    row: hintRowSchema(options),
    answerField: 'hint',
    defaults: {
      promptLossWeight: 0.01,
      promptLossWeightReason: `hints are far shorter than the work they answer (R_g = 0.12 on CIMA); ${shortAnswerEvidence}`,
      generationRatio: 0.12,
      maxLength: 512,
      maxNewTokens: 64,
    },
    layout,
    render: renderWith(options),
    metrics: [
      withholdsAnswer(),
      referenceOverlap(hintOf),
      asksLikeReference(hintOf),
      ...(options.level ? levelMetrics<HintRow>(options) : []),
    ],
  });
}
