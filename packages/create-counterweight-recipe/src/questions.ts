import { Mistake } from './mistake.ts';

/** What a recipe package is made from, beside its name. */
export interface Answers {
  readonly description: string;
  /** Fields of a row that make up the prompt, in order. */
  readonly fields: readonly string[];
  /** The field of a row that holds what the model is to say. */
  readonly answer: string;
  /** The set that answers are taken from; none where they are free text. */
  readonly labels: readonly string[];
  /** 0 to 1. */
  readonly promptLossWeight: number;
  /** An SPDX expression, or npm's word UNLICENSED for none. */
  readonly license: string;
}

export interface Question<Value> {
  /** `--prompt-loss-weight` */
  readonly flag: string;
  readonly placeholder: string;
  readonly help: string;
  /** What is asked on a terminal. */
  readonly ask: string;
  /** As somebody would type it; `recipe` is the recipe's name. */
  readonly default: (recipe: string) => string;
  /** @throws {Mistake} for what can't be taken */
  readonly parse: (text: string) => Value;
}

/** One home for the flags, the help and what is asked, in the order in which it is asked. */
export const questions: { readonly [Name in keyof Answers]: Question<Answers[Name]> } = {
  description: {
    flag: 'description',
    placeholder: 'TEXT',
    help: 'what the recipe is for, in a sentence',
    ask: 'What is it for',
    default: (recipe) => `A Counterweight recipe for rows of ${recipe}`,
    parse: lineOf,
  },
  fields: {
    flag: 'fields',
    placeholder: 'A,B',
    help: 'fields of a row that the model is shown',
    ask: 'Fields of a row that the model is shown, with commas between them',
    default: () => 'question',
    parse: (text) => distinct(listOf(text).map(fieldOf), 'field'),
  },
  answer: {
    flag: 'answer',
    placeholder: 'FIELD',
    help: 'the field that holds what the model is to say',
    ask: 'Field that holds what it is to say',
    default: () => 'answer',
    parse: fieldOf,
  },
  labels: {
    flag: 'labels',
    placeholder: 'X,Y',
    help: 'the answers that there are; without it they are free text',
    ask: 'Labels to choose from, with commas between them (nothing for free text)',
    default: () => '',
    parse: labelsOf,
  },
  promptLossWeight: {
    flag: 'prompt-loss-weight',
    placeholder: 'W',
    help: "weight of the prompt's tokens in the loss, 0 to 1",
    ask: 'How much the prompt counts in the loss, 0 to 1',
    default: () => '0.01',
    parse: weightOf,
  },
  license: {
    flag: 'license',
    placeholder: 'SPDX',
    help: 'MIT, Apache-2.0, …',
    ask: 'Licence (MIT, Apache-2.0, …)',
    default: () => 'UNLICENSED',
    parse: lineOf,
  },
};

/** @throws {Mistake} where answers that are right by themselves do not go together */
export function checkTogether({ fields, answer }: Answers): void {
  if (!fields.includes(answer)) return;
  throw new Mistake(
    `The field "${answer}" can't be shown to the model and be its answer.`,
    'Give the answer a field of its own: --answer.',
  );
}

function lineOf(text: string): string {
  const line = text.trim();
  if (line !== '' && !/\p{Cc}/u.test(line)) return line;
  throw new Mistake(`${JSON.stringify(text)} is not a line of text.`, 'Write a few words on one line.');
}

const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);

function fieldOf(text: string): string {
  const field = text.trim();
  if (/^[a-z][A-Za-z0-9]*$/.test(field) && field !== 'constructor') return field;
  throw new Mistake(
    `"${field}" can't be the name of a field.`,
    'Use letters and digits, a small letter first: question, productName. `--map` gives columns of other names to it.',
  );
}

function labelsOf(text: string): readonly string[] {
  const labels = distinct(listOf(text).map(lineOf), 'label', 0);
  if (labels.length !== 1) return labels;
  throw new Mistake(
    `"${labels[0]}" alone leaves nothing to choose.`,
    'Give two labels or more, or none for free text.',
  );
}

function distinct(items: readonly string[], what: string, least = 1): readonly string[] {
  if (items.length < least) throw new Mistake(`There is no ${what}.`, `Give at least one ${what}.`);
  const twice = items.find((item, i) => items.indexOf(item) < i);
  if (twice === undefined) return items;
  throw new Mistake(`The ${what} "${twice}" is there twice.`, `Give each ${what} once.`);
}

function weightOf(text: string): number {
  const weight = text.trim() === '' ? Number.NaN : Number(text);
  if (weight >= 0 && weight <= 1) return weight;
  throw new Mistake(`"${text}" is no weight of a prompt.`, 'Give a number from 0 (the answer alone counts) to 1.');
}
