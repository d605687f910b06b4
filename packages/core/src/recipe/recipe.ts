/**
 * The contract a recipe fulfils. It knows rows and words; tokens and tensors are core's business.
 */

import type { Freedom, Role, Segment } from './segment.ts';

export type { Freedom, Phrasings, Role, Segment } from './segment.ts';

/**
 * A row in words: what the model is given, and what it is to answer. The prompt is the same in training and in
 * generation. Consecutive prompt segments of one role make one turn, written without anything between them. Assistant
 * segments are trained at weight 1 wherever they stand; set `weight: 0` for those that are not to be learnt from (a
 * few-shot example). The completion is what the assistant says last, so every segment of it is the assistant's.
 */
export interface RenderedExample {
  readonly prompt: readonly Segment[];
  readonly completion: readonly Segment[];
  /** Functions that the model may call, as JSON schemas: for chat templates, which know how to tell the model. */
  readonly tools?: readonly unknown[];
  /** In place of the recipe's layout, for a row whose kind brings its own. */
  readonly layout?: PlainLayout;
  /** How what the user says may be written, in segments that say nothing of it themselves. Default: as it is only. */
  readonly freedom?: Freedom;
  /** The texts are what a model is to read, as they are: no chat template is asked how to write them. */
  readonly verbatim?: true;
  /** Of a row without an answer, where the recipe's `answerField` is not what it is called in this kind of row. */
  readonly answerField?: string;
  /** Of a row without an answer: why there is none, as the end of a sentence, for who wants to train on the row. */
  readonly unanswered?: string;
}

/** The text around a turn. It belongs to the template, not to the speaker, and counts 0 in the loss by default. */
export interface Turn {
  readonly before: string;
  readonly after: string;
}

/**
 * How roles become text for a model that has no chat template. The prompt ends with `assistant.before` of the
 * completion that follows; nothing is written after a completion but the end-of-sequence token.
 */
export type PlainLayout = Readonly<Record<Role, Turn>>;

/** A row and what the model made of it. */
export interface Prediction<Row> {
  readonly row: Row;
  /** The generated text, without special tokens. */
  readonly text: string;
}

/** A number of the recipe's own field. */
export interface Metric<Row> {
  /** The key in `evaluations.jsonl`, in camelCase: `exactMatch`. */
  readonly name: string;
  /** `descriptive`: neither end is good; it is to be compared with the same number of the right answers. */
  readonly direction: 'higher-is-better' | 'lower-is-better' | 'descriptive';
  /** Definition and its source, with every convention that could differ. */
  readonly definition: string;
  /**
   * One of the one or two numbers that a reader looks at first; reports lead with them. Where no metric of a recipe says so,
   * it is the first.
   */
  readonly headline?: true;
  /**
   * Called before the work that leads to outputs: throws or rejects where they could not be measured here (no sandbox to
   * run programs in). An error with a sentence in `fix` is shown as a mistake that the user can mend.
   */
  ready?(): void | Promise<void>;
  /**
   * Over the whole corpus; means over examples are made with `meanOf`. Never called without predictions. Where several
   * outputs were sampled for a row, they follow each other with the very same `row` object.
   * @param onProgress for a metric that takes its time: how many of its units are done. Await it in a loop that waits for
   *   nothing else: meanwhile a signal is heard. While a metric computes without waiting no signal is, not even a second one
   * @returns NaN where there is nothing to measure (fewer outputs a row than pass@k needs): the number is left out
   */
  compute(predictions: readonly Prediction<Row>[], onProgress?: MetricProgress): number | Promise<number>;
  /**
   * The score of one output, for who looks at single rows or compares models row by row: it is kept with the output in
   * `predictions-STEP.jsonl`. Called after `compute`, if at all. It need not be what `compute` averages: the BLEU of a
   * corpus is not the mean of its sentences' BLEU.
   * @returns NaN where there is nothing to measure in this output (a row without an answer): left out
   */
  perRow?(prediction: Prediction<Row>): number | Promise<number>;
  /**
   * `mean`: what `compute` gives is the plain mean of the scores of `perRow` that are not NaN. Evaluation then asks for
   * the scores only, and makes the mean itself.
   */
  readonly aggregation?: 'mean';
}

/** What it gives is to be awaited: a look at the clock, mostly. It never throws. */
export type MetricProgress = (done: number, of: number) => unknown;

export interface RecipeDefaults {
  /** Weight of the prompt's tokens in the loss, 0 (masked) to 1 (as much as the completion). */
  readonly promptLossWeight: number;
  /** Why this weight: shown in the preview. */
  readonly promptLossWeightReason: string;
  /**
   * R_g: mean completion length divided by mean prompt length, in tokens, measured on the domain's data: of the words that
   * the recipe renders, end-of-sequence tokens counted and what a layout or template adds left out.
   */
  readonly generationRatio: number;
  /** Tokens of prompt and completion together. */
  readonly maxLength: number;
  /** Tokens to generate at most in evaluation: what prompts leave room for, as far as that is half of `maxLength`. */
  readonly maxNewTokens: number;
}

/** What turns rows of one domain into training examples, and model outputs into numbers. */
export interface Recipe<Row> {
  readonly specificationVersion: 1;
  /** kebab-case, without `recipe-`: `support`. */
  readonly name: string;
  /** The resolved options the recipe was made with; written into run.json, so plain JSON. */
  readonly options: unknown;
  readonly defaults: RecipeDefaults;
  readonly layout: PlainLayout;
  /** The field of a row that holds the answer: named when a row to train on has none. */
  readonly answerField: string;
  /** @throws {RowError} naming the field that does not fit. */
  parseRow(input: unknown): Row;
  /**
   * The fields of a row that say something and that `parseRow` takes no notice of, as paths: `category`,
   * `reviews[].date`. They are counted in the receipt. Recipes that are made from a schema have it from there.
   */
  unreadFields?(input: unknown): readonly string[];
  /**
   * The names of all fields that `parseRow` may ask a row for, where they are known: what `map` may give columns to.
   * Recipes that are made from a schema have it from there.
   */
  readonly rowFields?: readonly string[] | undefined;
  /** The row in words. A row without its answer (in `generate`) renders with an empty completion. */
  render(row: Row): RenderedExample;
  readonly metrics: readonly Metric<Row>[];
  /** What parseRow did to a row that a user should see counted in the receipt: `{ 'e-mail addresses masked': 2 }`. */
  tally?(row: Row): Readonly<Record<string, number>>;
  /**
   * An output as it is compared with another one for the same row: equal texts are the same answer. Default: without
   * white space at its ends, and each run of white space one space.
   */
  normaliseAnswer?(text: string): string;
  /** When set, generation writes nothing but texts of this set, one or several with the separator between them. */
  readonly answers?: AnswerSet;
  /**
   * What `labels` says: each answer is one of a set of names, so that a report may count which is taken for which. They are
   * compared as `normaliseAnswer` has them.
   */
  readonly answersAre?: 'labels';
  /** What one would answer without a model: a metric is worth something beside that of its answers only. */
  readonly baseline?: Baseline<Row>;
  /** Set by `mixRecipes`: several recipes in one, each row one of theirs. */
  readonly mixture?: Mixture<Row>;
}

/** Answers that need no model. */
export interface Baseline<Row> {
  /** What it does, in a few words: `the most frequent problem`. */
  readonly name: string;
  /**
   * Quick, after what the training rows are like; they are in the order of the data, and there may be none.
   * @returns an answer to each of the rows, the same with and without the row's own answer
   */
  answer(rows: readonly Row[], training: readonly Row[]): string[];
}

/** What a recipe settles about each of its rows apart from the words; in a mixture, the row's own recipe does. */
export type RowSettings = Pick<
  Recipe<never>,
  'name' | 'defaults' | 'layout' | 'answerField' | 'answers' | 'normaliseAnswer'
>;

/** Several recipes in one. */
export interface Mixture<Row> {
  /** The recipe that a row belongs to. */
  partOf(row: Row): RowSettings;
  /** Parts of what training draws, by recipe, adding up to 1. Without it, an epoch is every row once. */
  readonly proportions?: Readonly<Record<string, number>>;
}

/**
 * The only texts that generation may write (a catalogue's names). Each text and each separator is tokenized by itself:
 * a recipe renders them as segments of their own, so that training sees the tokens that generation may write.
 */
export interface AnswerSet {
  readonly texts: readonly string[];
  /** Between two texts; without it the answer is exactly one text. */
  readonly separator?: string;
  /** When set, an answer is not written token by token: it is the likeliest texts of the set. */
  readonly rank?: RankedAnswers;
}

/**
 * Texts in the order of their log-likelihood after the prompt, summed over the tokens of the text and the separator (or,
 * without one, of what ends an answer). A greedy list follows the likeliest first token, which many unlikely texts may
 * share. Sampling has no part in it.
 */
export interface RankedAnswers {
  /** Texts in an answer at most. */
  readonly count: number;
  /** What is known of a text beside the model, added to its log-likelihood: a log-odds. −Infinity leaves the text out. */
  bonus?(text: string, row: unknown): number;
}

/** A row that does not fit the recipe's schema. The reader adds file and row number. */
export class RowError extends Error {
  override readonly name = 'RowError';
  /** The field, as a path: `message` or `messages.2.role`. */
  readonly field: string;
  /** Where one of several fields would have made it a row: all of them, for whoever looks which is nearly there. */
  readonly fields: readonly string[];
  constructor(field: string, problem: string, fields: readonly string[] = [field]) {
    super(problem);
    this.field = field;
    this.fields = fields;
  }
}

/**
 * Whether an error is a RowError: also one of a recipe that brought its own copy of this module.
 * @example
 * ```ts
 * import { isRowError, plain } from '@counterweight/core';
 *
 * try {
 *   plain().parseRow({ prompt: 1 });
 * } catch (error) {
 *   if (isRowError(error)) console.log(error.field, error.message);
 * }
 * ```
 */
export function isRowError(error: unknown): error is RowError {
  return error instanceof Error && error.name === 'RowError' && 'field' in error && typeof error.field === 'string';
}

/** An option that the recipe does not know, or a value that does not fit it. */
export class RecipeOptionError extends Error {
  override readonly name = 'RecipeOptionError';
  /** The option, as a path: `task`. */
  readonly option: string;
  constructor(option: string, problem: string) {
    super(problem);
    this.option = option;
  }
}
