import {
  defineRecipe,
  type Freedom,
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
import { type FeedbackRow, feedbackRowSchema } from '../row.ts';

/**
 * Lesson: 3.6D.Decomposing Figures
 * Work so far:
 * Tutor: What is the area of the pink rectangle?
 * Student: 4 m
 *
 * Give the student feedback on the last step: explain concept.
 * Hm, not quite. To get the area of a rectangle, we multiply the length and the width. …
 */
function renderWith({ hideAnswer }: OptionsOf<'feedback'>) {
  return (row: FeedbackRow): RenderedExample => {
    const student = row.level ? `the student, who is at ${levelInWords(row.level)},` : 'the student';
    const how = row.strategy ? `: ${row.strategy}` : '';
    const keep = hideAnswer ? ' Do not give the answer away.' : '';
    return {
      prompt: [
        ...line('Lesson', row.topic),
        ...line('Problem', row.problem, { typing: true }),
        ...workSegments(row.work),
        ...line('Answer, to be kept secret', hideAnswer ? row.answer : undefined),
        {
          role: 'user',
          text: `\nGive ${student} feedback on the last step${how}.${keep}`,
          phrasings: {
            say: `\nSay to ${student} what there is to say of the last step${how}.${keep}`,
            respond: `\nComment for ${student} on the last step${how}.${keep}`,
            heldOut: `\nLet ${student} know how the last step went${how}.${keep}`,
          },
        },
      ],
      completion: completionOf(row.feedback),
    };
  };
}

function line(name: string, text: string | undefined, freedom: Freedom = {}): Segment[] {
  return text === undefined ? [] : [{ role: 'user', text: `${name}: ${text}\n`, freedom: { ...freedom, part: name } }];
}

export function feedbackRecipe(options: OptionsOf<'feedback'>): Recipe<FeedbackRow> {
  const feedbackOf = ({ feedback }: FeedbackRow) => feedback;
  return defineRecipe({
    name: 'education',
    options,
    row: feedbackRowSchema(options),
    answerField: 'feedback',
    defaults: {
      promptLossWeight: 0.01,
      promptLossWeightReason: `feedback is shorter than the work it is on (R_g = 0.34 on Bridge); ${shortAnswerEvidence}`,
      generationRatio: 0.34,
      maxLength: 512,
      maxNewTokens: 96,
    },
    layout,
    render: renderWith(options),
    metrics: [
      ...(options.hideAnswer ? [withholdsAnswer<FeedbackRow>()] : []),
      referenceOverlap(feedbackOf),
      asksLikeReference(feedbackOf),
      ...(options.level ? levelMetrics<FeedbackRow>(options) : []),
    ],
  });
}
