import {
  defineRecipe,
  type Metric,
  meanOf,
  type Prediction,
  type Recipe,
  type RenderedExample,
} from '@counterweight/core/recipe';
import { completionOf, layout } from '../layout.ts';
import { levelInWords } from '../level.ts';
import { contentOverlap } from '../metrics/content-overlap.ts';
import { levelMetrics } from '../metrics/level-metrics.ts';
import { corpusSari, type Simplification, startSari } from '../metrics/sari.ts';
import type { OptionsOf } from '../options.ts';
import { type RewriteRow, rewriteRowSchema } from '../row.ts';

/**
 * Amazon has applied for dozens of new domains.
 *
 * Rewrite this text for a reader in grade 6. Keep its meaning.
 * Amazon has applied for many new domains.
 */
function render({ text, level, rewritten }: RewriteRow): RenderedExample {
  const who = `${level.scale === 'cefr' ? 'a learner at' : 'a reader in'} ${levelInWords(level)}`;
  return {
    // A text is never cut: half of it could not be rewritten into the whole.
    prompt: [
      // Its capitals tell names, and its punctuation the sentences that readability counts: neither is free.
      { role: 'user', text, freedom: { typing: true } },
      {
        role: 'user',
        text: `\n\nRewrite this text for ${who}. Keep its meaning.`,
        phrasings: {
          say: `\n\nSay this in words for ${who}. Keep its meaning.`,
          write: `\n\nWrite this text again so that ${who} understands it. Keep its meaning.`,
          heldOut: `\n\nPut the text into other words, meant for ${who}, that mean the same.`,
        },
      },
    ],
    completion: completionOf(rewritten),
  };
}

const sari: Metric<RewriteRow> = {
  name: 'sari',
  headline: true,
  direction: 'higher-is-better',
  definition:
    'SARI of the corpus, 0 to 100, as EASSE 0.2.4 computes it by default: lower case, 13a tokens, n-grams up to 4, F1 for ' +
    'additions, keeping and deletions. References: the rewritten text, and `references` where rows have them.',
  compute: async (predictions, onProgress) => {
    const corpus = startSari();
    for (const [i, prediction] of predictions.entries()) {
      corpus.add(simplificationOf(prediction));
      await onProgress?.(i + 1, predictions.length);
    }
    return corpus.scores().sari;
  },
  perRow: (prediction) => corpusSari([simplificationOf(prediction)]).sari,
};

const simplificationOf = ({ row, text }: Prediction<RewriteRow>): Simplification => ({
  source: row.text,
  output: text,
  references: [...(row.rewritten ? [row.rewritten] : []), ...(row.references ?? [])],
});

const CONTENT = 'content words (Porter stems without function words; numbers in any spelling)';

const meaningPreserved = meanOf<RewriteRow>({
  name: 'meaningPreserved',
  direction: 'higher-is-better',
  definition: `Mean F1 of the ${CONTENT} of text and output. It takes synonyms for losses and sees no reversal of roles.`,
  score: (row, text) => contentOverlap(row.text, text).f1,
});

const contentKept = meanOf<RewriteRow>({
  name: 'contentKept',
  direction: 'higher-is-better',
  definition: `Mean share of the text’s ${CONTENT} that the output has.`,
  score: (row, text) => contentOverlap(row.text, text).kept,
});

const contentSupported = meanOf<RewriteRow>({
  name: 'contentSupported',
  direction: 'higher-is-better',
  definition: `Mean share of the output’s ${CONTENT} that the text has: what is not made up.`,
  score: (row, text) => contentOverlap(row.text, text).supported,
});

export function rewriteRecipe(options: OptionsOf<'rewrite'>): Recipe<RewriteRow> {
  return defineRecipe({
    name: 'education',
    options,
    row: rewriteRowSchema(options),
    answerField: 'rewritten',
    defaults: {
      promptLossWeight: 0,
      promptLossWeightReason:
        'the prompt is a text at the wrong level, and learning to write it works against the task; answers are nearly as ' +
        'long (R_g = 0.58 on OneStopEnglish), so that they carry the training by themselves',
      generationRatio: 0.58,
      maxLength: 512,
      maxNewTokens: 192,
    },
    layout,
    render,
    metrics: [sari, ...levelMetrics<RewriteRow>(options), meaningPreserved, contentKept, contentSupported],
    baseline: { name: 'the text as it is', answer: (rows) => rows.map(({ text }) => text) },
  });
}
