// Made from options.ts beside it: `pnpm docs:tables` writes it anew.

import type { z } from 'zod';
import type { supportOptionsSchema } from './options.ts';

type Given = z.input<typeof supportOptionsSchema>;

type NameTheProblem = Extract<Given, { task?: 'name-the-problem' | undefined }>;

/** Of the task `name-the-problem`. */
export interface NameTheProblemOptionsInput {
  /**
   * Masks e-mail addresses, phone and card numbers in every text of a row, in training and in generation alike. Default
   * true: a model repeats what it was trained on, and what it never saw it cannot repeat.
   */
  maskPersonalData?: NameTheProblem['maskPersonalData'];
  /** What the model is to do. */
  task?: NameTheProblem['task'];
}

type OneSentenceSummary = Extract<Given, { task: 'one-sentence-summary' }>;

/** Of the task `one-sentence-summary`. */
export interface OneSentenceSummaryOptionsInput {
  /** What the model is to do. */
  task: OneSentenceSummary['task'];
  /**
   * Masks e-mail addresses, phone and card numbers in every text of a row, in training and in generation alike. Default
   * true: a model repeats what it was trained on, and what it never saw it cannot repeat.
   */
  maskPersonalData?: OneSentenceSummary['maskPersonalData'];
  /**
   * How ROUGE cuts texts into tokens. Default `ascii`, the reference implementation's, which other people's numbers are
   * made with; `unicode` for languages that it would take the letters from.
   */
  rougeTokenizer?: OneSentenceSummary['rougeTokenizer'];
}

type Summary = Extract<Given, { task: 'summary' }>;

/** Of the task `summary`. */
export interface SummaryOptionsInput {
  /** What the model is to do. */
  task: Summary['task'];
  /**
   * Masks e-mail addresses, phone and card numbers in every text of a row, in training and in generation alike. Default
   * true: a model repeats what it was trained on, and what it never saw it cannot repeat.
   */
  maskPersonalData?: Summary['maskPersonalData'];
  /**
   * How ROUGE cuts texts into tokens. Default `ascii`, the reference implementation's, which other people's numbers are
   * made with; `unicode` for languages that it would take the letters from.
   */
  rougeTokenizer?: Summary['rougeTokenizer'];
  /** Words at most, said in the prompt; a row may say otherwise. Default 40: two or three sentences. */
  maxWords?: Summary['maxWords'];
  /** Said in the prompt; a row may say otherwise. Default `neutral`, which adds nothing to the instruction. */
  style?: Summary['style'];
}

type NextAction = Extract<Given, { task: 'next-action' }>;

/** Of the task `next-action`. */
export interface NextActionOptionsInput {
  /** What the model is to do. */
  task: NextAction['task'];
  /**
   * Masks e-mail addresses, phone and card numbers in every text of a row, in training and in generation alike. Default
   * true: a model repeats what it was trained on, and what it never saw it cannot repeat.
   */
  maskPersonalData?: NextAction['maskPersonalData'];
  /**
   * The whole set. With it, rows must keep to it and generation writes nothing else. Default: none, any label goes: a
   * data set is its own list of labels, and a second list would have to be kept equal to it.
   */
  labels?: NextAction['labels'];
  /**
   * Writes the set into every prompt. Default false: a model that is trained on the labels knows them, and seventy of
   * them are longer than most messages. True for few labels, or to ask a model before any training.
   */
  labelsInPrompt?: NextAction['labelsInPrompt'];
}

type Intent = Extract<Given, { task: 'intent' }>;

/** Of the task `intent`. */
export interface IntentOptionsInput {
  /** What the model is to do. */
  task: Intent['task'];
  /**
   * Masks e-mail addresses, phone and card numbers in every text of a row, in training and in generation alike. Default
   * true: a model repeats what it was trained on, and what it never saw it cannot repeat.
   */
  maskPersonalData?: Intent['maskPersonalData'];
  /**
   * The whole set. With it, rows must keep to it and generation writes nothing else. Default: none, any label goes: a
   * data set is its own list of labels, and a second list would have to be kept equal to it.
   */
  labels?: Intent['labels'];
  /**
   * Writes the set into every prompt. Default false: a model that is trained on the labels knows them, and seventy of
   * them are longer than most messages. True for few labels, or to ask a model before any training.
   */
  labelsInPrompt?: Intent['labelsInPrompt'];
}

/** Each task has options of its own. */
export type SupportOptionsInput =
  | NameTheProblemOptionsInput
  | OneSentenceSummaryOptionsInput
  | SummaryOptionsInput
  | NextActionOptionsInput
  | IntentOptionsInput;
