export { type EducationRow, education } from './education.ts';
export {
  type CefrBands,
  type CefrLevel,
  cefrIndexOfGrade,
  cefrLevels,
  defaultCefrBands,
  type Level,
  levelInWords,
  levelSchema,
} from './level.ts';
export { leaksAnswer } from './metrics/answer-leakage.ts';
export { type ContentOverlap, contentOverlap } from './metrics/content-overlap.ts';
export { finalAnswer, sameFinalAnswer } from './metrics/final-answer.ts';
export { numbersOf } from './metrics/numbers.ts';
export { quadraticWeightedKappa } from './metrics/quadratic-kappa.ts';
export {
  type GradeFormula,
  gradeFormulas,
  inBandAccuracy,
  type LevelledText,
  type LevelScale,
  levelRatings,
  type ReachedLevel,
  reachedLevel,
} from './metrics/reading-level.ts';
export { corpusSari, type SariScores, type Simplification, sentenceSari } from './metrics/sari.ts';
export {
  type EducationOptions,
  educationOptionsSchema,
  educationOptionsSchema as optionsSchema,
} from './options.ts';
export type {
  EducationOptionsInput,
  ExplainOptionsInput,
  FeedbackOptionsInput,
  HintOptionsInput,
  RewriteOptionsInput,
} from './options-input.ts';
export {
  automatedReadabilityGrade,
  colemanLiauGrade,
  daleChallScore,
  daleChallScoreV2,
  fleschKincaidGrade,
  fleschReadingEase,
  gunningFogGrade,
  lix,
  rix,
  smogGrade,
  spacheGrade,
} from './readability/formulas.ts';
export {
  easyWords,
  english,
  englishWith,
  type FleschConstants,
  fleschConstants,
  fogSyllables,
  type ReadingLanguage,
} from './readability/language.ts';
export { type LinsearWriteOptions, linsearWriteGrade } from './readability/linsear-write.ts';
export {
  crawford,
  fernandezHuerta,
  gulpease,
  gutierrezPolini,
  osman,
  szigrisztPazos,
  wienerSachtextformel,
} from './readability/other-formulas.ts';
export { type Readability, readability, readingTime, standardGrade } from './readability/readability.ts';
export { type Dictionary, englishSyllables, syllableCounter } from './readability/syllables.ts';
export {
  countText,
  difficultWordsOf,
  longWordCount,
  shortWordCount,
  type TextCounts,
} from './readability/text-counts.ts';
export { characterCount, letterCount, sentenceCount, type WordOptions, wordsOf } from './readability/words.ts';
export type { ExplainRow, FeedbackRow, HintRow, RewriteRow } from './row.ts';
