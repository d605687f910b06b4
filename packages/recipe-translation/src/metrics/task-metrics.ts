import { type Metric, meanOf, type Prediction } from '@counterweight/core/recipe';
import { formalPronoun, isFormal } from '../formal-address.ts';
import { type ReplyRow, splitReplies } from '../tasks/reply-in-two-languages.ts';
import type { TranslationRow } from '../tasks/translation-row.ts';
import { type OutputWithSource, untranslatedRate } from './copied-source-rate.ts';
import { glossaryCompliance, type OutputWithGlossary } from './glossary-compliance.ts';
import type { Judge } from './recipe-metrics.ts';

export const judgeTranslation: Judge<TranslationRow> = ({ row, text }) => [
  { hypothesis: text.trim(), references: [row.target ?? '', ...row.references], language: row.to },
];

export const judgeReplies: Judge<ReplyRow> = ({ row, text }) =>
  splitReplies(text, row.languages).map((hypothesis, at) => ({
    hypothesis,
    references: [row.replies?.[at] ?? ''],
    language: row.languages[at]!,
  }));

export const glossaryMetric: Metric<TranslationRow> = {
  name: 'glossaryCompliance',
  direction: 'higher-is-better',
  definition:
    'Share of the terms in the prompts whose translation is in the output: any case, from the beginning of a word, any ' +
    'ending. Not given when no prompt has terms.',
  compute: (predictions) => glossaryCompliance(predictions.map(withGlossary)),
  perRow: (prediction) => glossaryCompliance([withGlossary(prediction)]),
};

const withGlossary = ({ row, text }: Prediction<TranslationRow>): OutputWithGlossary => ({
  hypothesis: text,
  language: row.to,
  glossary: row.glossary,
});

export const untranslatedMetric: Metric<TranslationRow> = {
  name: 'untranslatedRate',
  direction: 'lower-is-better',
  definition:
    'Share of outputs that are a copy of the source, in any case and white space, or empty. Rows whose target is the ' +
    'source are left out.',
  compute: (predictions: readonly Prediction<TranslationRow>[]) => untranslatedRate(predictions.map(withSource)),
  perRow: (prediction) => untranslatedRate([withSource(prediction)]),
  aggregation: 'mean',
};

const withSource = ({ row, text }: Prediction<TranslationRow>): OutputWithSource => ({
  hypothesis: text,
  source: row.source,
  references: [row.target ?? '', ...row.references],
});

export const formalAddressMetric: Metric<TranslationRow> = meanOf({
  name: 'formalAddress',
  direction: 'higher-is-better',
  definition:
    'Share of outputs that are not empty and use no pronoun of the familiar form (du, tu, tú …). Forms of verbs are not ' +
    'looked at. Only for languages with a list: de, es, fr, it, nl, pl, ru.',
  score: (row, text) => (formalPronoun(row.to) === undefined ? Number.NaN : Number(isFormal(text, row.to))),
});

export const bothRepliesMetric: Metric<ReplyRow> = meanOf({
  name: 'bothReplies',
  direction: 'higher-is-better',
  definition: 'Share of outputs that hold both replies, each behind the name of its language, in the order asked for.',
  score: (row, text) => (splitReplies(text, row.languages).every((reply) => reply !== '') ? 1 : 0),
});
