import { meanOf, type Phrasings, shortAnswerEvidence } from '@counterweight/core/recipe';
import { z } from 'zod';
import { checkConversation, conversationFields, conversationText } from '../conversation.ts';
import { conversationLayout, ownWords } from '../layout.ts';
import type { RougeTokenizer } from '../metrics/rouge-tokens.ts';
import { isOneSentence, sentencesOf } from '../metrics/sentences.ts';
import { rougeOption, summaryMetrics } from '../metrics/summary-metrics.ts';
import { type MaskedRow, type MaskOption, masking, maskOption, tallyMasks } from '../personal-data/masked-row.ts';
import { spoken } from '../spoken.ts';
import { answer, type Task } from './task.ts';

export const oneSentenceSummaryOptions = z.strictObject({
  /** What the model is to do. */
  task: z.literal('one-sentence-summary'),
  ...rougeOption,
  ...maskOption,
});

const PHRASINGS: Phrasings = {
  question: '\nWhat happened in this conversation, in one sentence?',
  give: '\nGive a summary of the conversation that is one sentence long.',
  heldOut: '\nSum up in a single sentence what was said.',
};

export interface SentenceRow extends MaskedRow {
  /** The conversation, a line for each turn. */
  readonly source: string;
  readonly summary?: string | undefined;
}

/**
 * A conversation in one sentence.
 *
 *     Customer: I ordered jeans and got the wrong size.
 *     Agent: I will send you a label for the return.
 *     Summarize the conversation in one sentence.
 *     The customer returns jeans of the wrong size, and the agent sends a return label.
 */
export function oneSentenceSummary(
  options: MaskOption & { readonly rougeTokenizer: RougeTokenizer },
): Task<SentenceRow> {
  const row = z
    .object({ ...conversationFields, summary: z.string().trim().optional() })
    .superRefine(checkConversation)
    .transform(({ summary, ...conversation }) => ({ source: conversationText(conversation), summary }));
  return {
    row: masking<SentenceRow>(row, ['source', 'summary'], options),
    answerField: 'summary',
    defaults: {
      promptLossWeight: 0.01,
      promptLossWeightReason: `a sentence is much shorter than its conversation (R_g = 0.23 on the fixture); ${shortAnswerEvidence}`,
      generationRatio: 0.23,
      maxLength: 1024,
      maxNewTokens: 96,
    },
    layout: conversationLayout,
    render: ({ source, summary }) => ({
      prompt: [
        // A long conversation loses its end: customers name their problem first.
        { role: 'user', text: source, shorten: 'end', freedom: ownWords },
        { role: 'user', text: '\nSummarize the conversation in one sentence.', phrasings: PHRASINGS },
      ],
      completion: answer(summary),
    }),
    metrics: [
      ...summaryMetrics<SentenceRow>(options),
      meanOf<SentenceRow>({
        name: 'oneSentence',
        direction: 'higher-is-better',
        definition:
          'Share of outputs that are one sentence: cut at . ! ? … before white space and no small letter, and at line ' +
          'breaks, not at abbreviations and initials; a closing full stop is not asked for.',
        score: (_, text) => (isOneSentence(text) ? 1 : 0),
      }),
    ],
    baseline: {
      name: 'the first sentence of the conversation',
      answer: (rows) => rows.map(({ source }) => sentencesOf(spoken(source))[0] ?? ''),
    },
    tally: (row) => ({
      ...tallyMasks(row),
      'summaries of more than one sentence': row.summary && !isOneSentence(row.summary) ? 1 : 0,
    }),
  };
}
