import { meanOf, shortAnswerEvidence } from '@counterweight/core/recipe';
import { z } from 'zod';
import { checkConversation, conversationFields, conversationText } from '../conversation.ts';
import { conversationLayout, ownWords } from '../layout.ts';
import { keepsLength } from '../metrics/length-compliance.ts';
import type { RougeTokenizer } from '../metrics/rouge-tokens.ts';
import { rougeOption, summaryMetrics } from '../metrics/summary-metrics.ts';
import { type MaskedRow, type MaskOption, masking, maskOption, tallyMasks } from '../personal-data/masked-row.ts';
import { spoken } from '../spoken.ts';
import { answer, type Task } from './task.ts';

/** What the prompt says of each style, after the length. */
const STYLES = {
  neutral: '',
  'bullet-points': ', as points, each on a line of its own that begins with "- "',
  handover: ', for the colleague who takes over: the problem, what was done, what is open',
  'to-the-customer': ', in plain and friendly words, as a note to the customer',
} as const;

const styleSchema = z.enum(['neutral', 'bullet-points', 'handover', 'to-the-customer']);
export type SummaryStyle = z.output<typeof styleSchema>;

const maxWordsSchema = z.coerce.number().int().min(1).max(1000);

export const summaryOptions = z.strictObject({
  /** What the model is to do. */
  task: z.literal('summary'),
  /** Words at most, said in the prompt; a row may say otherwise. Default 40: two or three sentences. */
  maxWords: maxWordsSchema.default(40).describe('words of a summary at most, said in the prompt'),
  /** Said in the prompt; a row may say otherwise. Default `neutral`, which adds nothing to the instruction. */
  style: styleSchema.default('neutral').describe('how a summary is written'),
  ...rougeOption,
  ...maskOption,
});

export interface SummaryRow extends MaskedRow {
  /** The conversation, a line for each turn. */
  readonly source: string;
  readonly summary?: string | undefined;
  /** Words at most that were asked for. */
  readonly maxWords: number;
  readonly style: SummaryStyle;
}

interface SummaryOptions extends MaskOption {
  readonly maxWords: number;
  readonly style: SummaryStyle;
  readonly rougeTokenizer: RougeTokenizer;
}

/**
 * A conversation in at most so many words, in a style. Rows that ask for different lengths and styles teach a model to
 * keep to what it is asked for.
 *
 *     Customer: I ordered jeans and got the wrong size.
 *     Agent: I will send you a label for the return.
 *     Summarize the conversation in at most 12 words.
 *     The customer got jeans of the wrong size and may return them.
 */
export function summary(options: SummaryOptions): Task<SummaryRow> {
  const row = z
    .object({
      ...conversationFields,
      summary: z.string().trim().optional(),
      // A CSV file has an empty field where a row says nothing.
      maxWords: z.preprocess((value) => (value === '' ? undefined : value), maxWordsSchema.optional()),
      style: z.preprocess((value) => (value === '' ? undefined : value), styleSchema.optional()),
    })
    .superRefine(checkConversation)
    .transform(({ summary, maxWords = options.maxWords, style = options.style, ...conversation }) => ({
      source: conversationText(conversation),
      summary,
      maxWords,
      style,
    }));
  return {
    row: masking<SummaryRow>(row, ['source', 'summary'], options),
    answerField: 'summary',
    defaults: {
      promptLossWeight: 0.01,
      promptLossWeightReason: `a summary is much shorter than its conversation (R_g = 0.13 on the fixture); ${shortAnswerEvidence}`,
      generationRatio: 0.13,
      maxLength: 1024,
      maxNewTokens: 160,
    },
    layout: conversationLayout,
    render: ({ source, summary, maxWords, style }) => ({
      prompt: [
        // A long conversation loses its end: customers name their problem first.
        { role: 'user', text: source, shorten: 'end', freedom: ownWords },
        {
          role: 'user',
          text: `\nSummarize the conversation in at most ${maxWords} words${STYLES[style]}.`,
          phrasings: {
            length: `\nIn no more than ${maxWords} words, summarize the conversation${STYLES[style]}.`,
            give: `\nGive a summary of the conversation of ${maxWords} words at most${STYLES[style]}.`,
            heldOut: `\nUsing up to ${maxWords} words, sum up what was said${STYLES[style]}.`,
          },
        },
      ],
      completion: answer(summary),
    }),
    metrics: [
      ...summaryMetrics<SummaryRow>(options),
      meanOf<SummaryRow>({
        name: 'lengthCompliance',
        direction: 'higher-is-better',
        definition:
          'Share of outputs with a word at least and as many as were asked for at most. A word: a run of letters and ' +
          'digits, with apostrophes, hyphens, dots and commas inside it.',
        score: ({ maxWords }, text) => (keepsLength(text, maxWords) ? 1 : 0),
      }),
    ],
    baseline: {
      name: 'the first words of the conversation, as many as were asked for',
      answer: (rows) => rows.map(({ source, maxWords }) => spoken(source).split(/\s+/u).slice(0, maxWords).join(' ')),
    },
    tally: (row) => ({
      ...tallyMasks(row),
      'summaries longer than asked for': row.summary && !keepsLength(row.summary, row.maxWords) ? 1 : 0,
    }),
  };
}
