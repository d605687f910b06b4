// Made from options.ts beside it: `pnpm docs:tables` writes it anew.

import type { z } from 'zod';
import type { educationOptionsSchema } from './options.ts';

type Given = z.input<typeof educationOptionsSchema>;

type Rewrite = Extract<Given, { task: 'rewrite' }>;

/** Of the task `rewrite`. */
export interface RewriteOptionsInput {
  /** What the model is to do. */
  task: Rewrite['task'];
  /** The level of rows that name none: `5`, `"grade 5"`, `"B1"`. */
  level?: Rewrite['level'];
  /** The formula that measures grades. Flesch–Kincaid is the one that schools and simplification research report. */
  gradeFormula?: Rewrite['gradeFormula'];
  /**
   * The CMU dictionary that syllables are counted with: NLTK's, as textstat has it, `npm` for the later one of the
   * package `cmu-pronouncing-dictionary`, or the path of a file.
   */
  dictionary?: Rewrite['dictionary'];
  /** The highest grade of each CEFR level; see `defaultCefrBands`. */
  cefrBands?: Rewrite['cefrBands'];
}

type Explain = Extract<Given, { task: 'explain' }>;

/** Of the task `explain`. */
export interface ExplainOptionsInput {
  /** What the model is to do. */
  task: Explain['task'];
  /** Whether explanations are worked solutions that end in a line with `####` and the number, as GSM8K's do. */
  finalAnswer?: Explain['finalAnswer'];
  /** The level of rows that name none: `5`, `"grade 5"`, `"B1"`. */
  level?: Explain['level'];
  /** The formula that measures grades. Flesch–Kincaid is the one that schools and simplification research report. */
  gradeFormula?: Explain['gradeFormula'];
  /**
   * The CMU dictionary that syllables are counted with: NLTK's, as textstat has it, `npm` for the later one of the
   * package `cmu-pronouncing-dictionary`, or the path of a file.
   */
  dictionary?: Explain['dictionary'];
  /** The highest grade of each CEFR level; see `defaultCefrBands`. */
  cefrBands?: Explain['cefrBands'];
}

type Hint = Extract<Given, { task: 'hint' }>;

/** Of the task `hint`. */
export interface HintOptionsInput {
  /** What the model is to do. */
  task: Hint['task'];
  /**
   * Whether the model is told the answer that it is to keep: hints are better founded, and leaks have to be watched.
   */
  showAnswer?: Hint['showAnswer'];
  /** The level of rows that name none: `5`, `"grade 5"`, `"B1"`. */
  level?: Hint['level'];
  /** The formula that measures grades. Flesch–Kincaid is the one that schools and simplification research report. */
  gradeFormula?: Hint['gradeFormula'];
  /**
   * The CMU dictionary that syllables are counted with: NLTK's, as textstat has it, `npm` for the later one of the
   * package `cmu-pronouncing-dictionary`, or the path of a file.
   */
  dictionary?: Hint['dictionary'];
  /** The highest grade of each CEFR level; see `defaultCefrBands`. */
  cefrBands?: Hint['cefrBands'];
}

type Feedback = Extract<Given, { task: 'feedback' }>;

/** Of the task `feedback`. */
export interface FeedbackOptionsInput {
  /** What the model is to do. */
  task: Feedback['task'];
  /** Whether rows have an `answer` that the feedback must not give away. */
  hideAnswer?: Feedback['hideAnswer'];
  /** The level of rows that name none: `5`, `"grade 5"`, `"B1"`. */
  level?: Feedback['level'];
  /** The formula that measures grades. Flesch–Kincaid is the one that schools and simplification research report. */
  gradeFormula?: Feedback['gradeFormula'];
  /**
   * The CMU dictionary that syllables are counted with: NLTK's, as textstat has it, `npm` for the later one of the
   * package `cmu-pronouncing-dictionary`, or the path of a file.
   */
  dictionary?: Feedback['dictionary'];
  /** The highest grade of each CEFR level; see `defaultCefrBands`. */
  cefrBands?: Feedback['cefrBands'];
}

/** Each task has options of its own. */
export type EducationOptionsInput = RewriteOptionsInput | ExplainOptionsInput | HintOptionsInput | FeedbackOptionsInput;
