import type { AnyRecipe } from '@counterweight/core';
import {
  boughtBefore,
  coOccurrence,
  popularAndBought,
  popularity,
  type RetailRow,
} from '../../packages/recipe-retail/src/index.ts';
import { sentencesOf } from '../../packages/recipe-support/src/index.ts';

/** What is measured, and what a baseline may learn from: rows as the recipe has parsed them. */
export interface BaselineTask {
  readonly recipe: AnyRecipe;
  readonly train: readonly unknown[];
  readonly heldOut: readonly unknown[];
}

/** An answer for every row, without a model. */
export type Baseline = (task: BaselineTask) => string[];

type Fields = Readonly<Record<string, string>>;

const textOf = (segments: readonly { readonly text: string }[]): string => segments.map(({ text }) => text).join('');
const answerOf = (recipe: AnyRecipe, row: unknown): string => textOf(recipe.render(row).completion);

/** The answer that most rows have; of equals the first. */
export const mostFrequent: Baseline = ({ recipe, train, heldOut }) => {
  const counts = new Map<string, number>();
  for (const row of train) {
    const answer = answerOf(recipe, row);
    counts.set(answer, (counts.get(answer) ?? 0) + 1);
  }
  const [best = ''] = [...counts].sort(([, a], [, b]) => b - a)[0] ?? [];
  return heldOut.map(() => best);
};

/** The answer of the row whose prompt has most words in common (Jaccard); of equals the first. */
export const nearest: Baseline = ({ recipe, train, heldOut }) => {
  const wordsOf = (row: unknown) =>
    new Set(
      textOf(recipe.render(row).prompt)
        .toLowerCase()
        .match(/[\p{L}\p{N}]+/gu) ?? [],
    );
  const known = train.map((row) => ({ answer: answerOf(recipe, row), words: wordsOf(row) }));
  return heldOut.map((row) => {
    const words = wordsOf(row);
    let [best, answer] = [-1, ''];
    for (const one of known) {
      const common = [...words].filter((word) => one.words.has(word)).length;
      const likeness = common / (one.words.size + words.size - common);
      if (likeness > best) [best, answer] = [likeness, one.answer];
    }
    return answer;
  });
};

/** What the row gives. */
export const copyOf =
  (field: string): Baseline =>
  ({ heldOut }) =>
    (heldOut as Fields[]).map((row) => row[field] ?? '');

export const leadSentence: Baseline = ({ heldOut }) =>
  (heldOut as { source: string }[]).map(({ source }) => sentencesOf(spoken(source))[0] ?? '');

/** As many words as the summary may have. */
export const leadWords: Baseline = ({ heldOut }) =>
  (heldOut as { source: string; maxWords: number }[]).map(({ source, maxWords }) =>
    spoken(source).split(/\s+/).slice(0, maxWords).join(' '),
  );

/** Without who says it. */
const spoken = (source: string): string => source.replace(/^[^:\n]{1,20}: /gmu, '');

/** A problem is solved by its last number, as GSM8K wants it written. */
export const lastNumber: Baseline = ({ heldOut }) =>
  (heldOut as { question: string }[]).map(
    ({ question }) => `#### ${question.match(/\d[\d,]*(\.\d+)?/g)?.at(-1) ?? '0'}`,
  );

const recommenders = { popularity, coOccurrence, boughtBefore, popularAndBought } as const;

/** Names that a recommender of recipe-retail has, as many as are measured, a line for each. */
export const recommendedBy =
  (name: keyof typeof recommenders): Baseline =>
  ({ recipe, train, heldOut }) => {
    const recommend = recommenders[name](train as RetailRow[]);
    const { cutoffs } = recipe.options as { readonly cutoffs: readonly number[] };
    return (heldOut as RetailRow[]).map((row) =>
      recommend(row)
        .slice(0, Math.max(...cutoffs))
        .join('\n'),
    );
  };
