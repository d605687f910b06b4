import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AnyRecipe } from '@counterweight/core';
import { code } from '../../packages/recipe-code/src/index.ts';
import { education } from '../../packages/recipe-education/src/index.ts';
import { basketRows, nextItemsRows, readPurchases } from '../../packages/recipe-retail/fixtures/completejourney.ts';
import { retail } from '../../packages/recipe-retail/src/index.ts';
import { support } from '../../packages/recipe-support/src/index.ts';
import { translation } from '../../packages/recipe-translation/src/index.ts';
import {
  type Baseline,
  copyOf,
  lastNumber,
  leadSentence,
  leadWords,
  mostFrequent,
  nearest,
  recommendedBy,
} from './baselines.ts';

/** A task of a recipe and the rows that lie in the recipe's `fixtures`. */
export interface RecipeTask {
  readonly recipe: 'code' | 'education' | 'retail' | 'support' | 'translation';
  readonly task: string;
  /** Of the recipe, beside the task. */
  readonly options?: () => Readonly<Record<string, unknown>>;
  /** What the rows are. */
  readonly rows: string;
  /** Rows to train on; and rows to measure on, where they are apart: otherwise some of the others. None: no real rows. */
  readonly train?: string;
  readonly heldOut?: string;
  /**
   * Default: see `chooseRows`. Once, on the more rows, where many answers would be right and a row has one of them: rows that
   * come again are learnt by heart. Ten times, where rows are long and what is to be learnt of them is a word or two.
   */
  readonly epochs?: 1 | 10;
  /** Rows in place of these files, which are few. */
  readonly made?: () => { readonly train: readonly unknown[]; readonly heldOut: readonly unknown[] };
  /** Rows that are the same in this are held out together: of one conversation, say. Default: each by itself. */
  readonly group?: (row: Record<string, unknown>) => string;
  /** The metrics that a table shows, of those that are measured. Default: the recipe's first with a good end. */
  readonly shown?: readonly string[];
  /** Rows and answers are a few words: packed rows are shorter, so that steps are not few, and more rows are measured on. */
  readonly short?: true;
  /** What a model has to beat to be worth anything, the simplest that fit the task. */
  readonly baselines: Readonly<Record<string, Baseline>>;
}

const withCatalogue = () => ({
  catalogue: JSON.parse(readFileSync(fixture('retail', 'completejourney-catalogue.json'), 'utf8')),
});
/** People buy the same groceries again: chosen on rows of its own, see the recipe's README. */
const withPrior = () => ({ ...withCatalogue(), prior: 2 });
const retailBaselines = {
  popularity: recommendedBy('popularity'),
  'bought together': recommendedBy('coOccurrence'),
  'bought before': recommendedBy('boughtBefore'),
  'popular and bought': recommendedBy('popularAndBought'),
};

/** Rows of one conversation end at several of its turns: what the customer says first is the same. */
function conversationOf({ dialogue }: Record<string, unknown>): string {
  const turns = typeof dialogue === 'string' ? dialogue.split('\n') : (dialogue as Record<string, string>[]);
  const first = turns.find((turn) => typeof turn === 'string' || turn.speaker === 'customer');
  return JSON.stringify(first);
}

/** What is right, where programs can be run, and what looks right; a copy of the code has a compile rate of 1. */
const PASSING = ['passAt1', 'editSimilarity'];

export const tasks: readonly RecipeTask[] = [
  {
    ...{ recipe: 'support', task: 'name-the-problem', rows: 'BANKING77' },
    ...{ train: 'banking77-train.csv', heldOut: 'banking77-eval.csv', short: true },
    baselines: { 'most frequent label': mostFrequent, 'label of the nearest row': nearest },
  },
  {
    ...{ recipe: 'support', task: 'intent', rows: 'MultiDoGO' },
    ...{ train: 'multidogo-intents-train.csv', heldOut: 'multidogo-intents-eval.csv', short: true },
    baselines: { 'most frequent label': mostFrequent, 'label of the nearest row': nearest },
  },
  {
    ...{ recipe: 'support', task: 'next-action', rows: 'Taskmaster-4 and ABCD', train: 'next-actions.jsonl' },
    ...{ group: conversationOf, epochs: 10 },
    baselines: { 'most frequent label': mostFrequent, 'label of the nearest row': nearest },
  },
  {
    ...{ recipe: 'support', task: 'one-sentence-summary', rows: 'Taskmaster-4 and ABCD' },
    train: 'one-sentence-summaries.jsonl',
    baselines: { 'lead sentence': leadSentence, 'summary of the nearest row': nearest },
  },
  {
    ...{ recipe: 'support', task: 'summary', rows: 'Taskmaster-4 and ABCD', train: 'summaries.jsonl' },
    group: conversationOf,
    baselines: { 'lead words': leadWords, 'summary of the nearest row': nearest },
  },
  {
    ...{ recipe: 'education', task: 'rewrite', rows: 'OneStopEnglish' },
    ...{ train: 'onestop-train.jsonl', heldOut: 'onestop-eval.jsonl' },
    baselines: { 'copy of the text': copyOf('text') },
  },
  {
    ...{ recipe: 'education', task: 'explain', options: () => ({ finalAnswer: true }), rows: 'GSM8K' },
    ...{ train: 'gsm8k-train.jsonl', heldOut: 'gsm8k-eval.jsonl' },
    shown: ['solutionAccuracy', 'referenceOverlap'],
    baselines: { 'last number of the question': lastNumber, 'explanation of the nearest row': nearest },
  },
  {
    ...{ recipe: 'education', task: 'hint', rows: 'CIMA', train: 'cima-train.jsonl', heldOut: 'cima-eval.jsonl' },
    shown: ['referenceOverlap'],
    baselines: { 'most frequent hint': mostFrequent, 'hint of the nearest row': nearest },
  },
  {
    ...{ recipe: 'education', task: 'feedback', rows: 'Bridge' },
    ...{ train: 'bridge-train.jsonl', heldOut: 'bridge-eval.jsonl' },
    baselines: { 'most frequent feedback': mostFrequent, 'feedback of the nearest row': nearest },
  },
  {
    ...{ recipe: 'retail', task: 'next-items', options: withPrior, rows: 'Complete Journey', short: true },
    shown: ['ndcgAt5'],
    made: () => nextItemsRows(readPurchases()),
    epochs: 1,
    ...{ train: 'next-items-train.jsonl', heldOut: 'next-items-eval.jsonl' },
    baselines: retailBaselines,
  },
  {
    ...{ recipe: 'retail', task: 'bought-together', options: withCatalogue, rows: 'Complete Journey' },
    shown: ['ndcgAt5'],
    ...{ train: 'bought-together-train.jsonl', heldOut: 'bought-together-eval.jsonl', short: true },
    made: () => basketRows(readPurchases()),
    epochs: 1,
    baselines: { popularity: retailBaselines.popularity, 'bought together': retailBaselines['bought together'] },
  },
  { ...{ recipe: 'retail', task: 'likely-returned', rows: 'no real rows that may be shown' }, baselines: {} },
  {
    ...{ recipe: 'retail', task: 'product-search', rows: 'WANDS' },
    shown: ['ndcgAt5'],
    ...{ train: 'product-search-train.csv', heldOut: 'product-search-eval.csv', short: true },
    baselines: { popularity: retailBaselines.popularity, 'results of the nearest row': nearest },
  },
  {
    ...{ recipe: 'translation', task: 'translate', rows: 'Tatoeba' },
    shown: ['chrfPlusPlus'],
    ...{ train: 'tatoeba-train.jsonl', heldOut: 'tatoeba-eval.jsonl', short: true },
    baselines: { 'copy of the source': copyOf('source') },
  },
  {
    ...{ recipe: 'translation', task: 'translate-formally', rows: 'sample complaints', train: 'complaints.jsonl' },
    shown: ['chrfPlusPlus'],
    baselines: { 'copy of the source': copyOf('source') },
  },
  {
    ...{ recipe: 'translation', task: 'reply-in-two-languages', rows: 'sample replies', train: 'replies.jsonl' },
    shown: ['chrfPlusPlus'],
    baselines: { 'replies of the nearest row': nearest },
  },
  {
    ...{ recipe: 'code', task: 'write-a-function', rows: 'MBXP and MBPP', train: 'functions.jsonl' },
    shown: PASSING,
    baselines: { 'function of the nearest row': nearest },
  },
  {
    ...{ recipe: 'code', task: 'fix-a-bug', rows: 'MBXP', train: 'bugs.jsonl' },
    shown: PASSING,
    baselines: { 'copy of the code': copyOf('code') },
  },
  {
    ...{ recipe: 'code', task: 'suggest-an-improvement', rows: 'MBXP', train: 'improvements.jsonl' },
    shown: PASSING,
    baselines: { 'copy of the code': copyOf('code') },
  },
  {
    ...{ recipe: 'code', task: 'write-tests', rows: 'MBXP and MBPP', train: 'tests.jsonl' },
    shown: PASSING,
    baselines: { 'tests of the nearest row': nearest },
  },
];

export const nameOf = ({ recipe, task }: RecipeTask): string => `${recipe}/${task}`;

export const fixture = (recipe: RecipeTask['recipe'], file: string): string =>
  fileURLToPath(new URL(`../../packages/recipe-${recipe}/fixtures/${file}`, import.meta.url));

const make = { code, education, retail, support, translation } as const;

/** The recipe of a task. @param more options that go first */
export const openRecipe = ({ recipe, task, options }: RecipeTask, more: object = {}): AnyRecipe =>
  (make[recipe] as (options: object) => AnyRecipe)({ task, ...options?.(), ...more });
