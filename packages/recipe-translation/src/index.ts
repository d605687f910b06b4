export type { Glossary, TermBase } from './glossary.ts';
export { containsTerm } from './glossary.ts';
export { canonicalLanguage, languageName } from './languages.ts';
export type { BleuOptions, BleuScore, BleuSmoothing } from './metrics/bleu.ts';
export { bleu } from './metrics/bleu.ts';
export type { BleuTokenizer } from './metrics/bleu-tokenizers.ts';
export type { ChrfOptions } from './metrics/chrf.ts';
export { chrf, chrfPlusPlus } from './metrics/chrf.ts';
export type { OutputWithSource } from './metrics/copied-source-rate.ts';
export { copiedSourceRate, untranslatedRate } from './metrics/copied-source-rate.ts';
export type { Corpus, CorpusMetric, CorpusScore } from './metrics/corpus-metric.ts';
export { corpusScore, corpusStatistics, sentenceScore } from './metrics/corpus-metric.ts';
export type { OutputWithGlossary } from './metrics/glossary-compliance.ts';
export { glossaryCompliance } from './metrics/glossary-compliance.ts';
export type { LanguageIdentifier } from './metrics/identify-language.ts';
export { languageIdentifier } from './metrics/identify-language.ts';
export { lengthRatio } from './metrics/length-ratio.ts';
export type { BootstrapScore, PairedBootstrapOptions, PairedBootstrapResult } from './metrics/paired-bootstrap.ts';
export { pairedBootstrap } from './metrics/paired-bootstrap.ts';
export { signature } from './metrics/signature.ts';
export type { OutputInLanguage } from './metrics/target-language-rate.ts';
export { targetLanguageRate } from './metrics/target-language-rate.ts';
export type { TerOptions, TerScore } from './metrics/ter.ts';
export { ter } from './metrics/ter.ts';
export {
  type TranslationOptions,
  translationOptionsSchema as optionsSchema,
} from './options.ts';
export type { ReplyInTwoLanguagesOptionsInput as ReplyOptionsInput } from './options-input.ts';
export type { ReplyRow } from './tasks/reply-in-two-languages.ts';
export { splitReplies } from './tasks/reply-in-two-languages.ts';
export type { TranslationRow } from './tasks/translation-row.ts';
export { type PairOptionsInput, translation } from './translation.ts';
