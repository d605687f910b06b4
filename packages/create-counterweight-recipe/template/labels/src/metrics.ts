import { type Metric, meanOf } from '@counterweight/core/recipe';
import type { MyDomainRow } from './row.ts';

export const exactMatch = meanOf<MyDomainRow>({
  name: 'exactMatch',
  direction: 'higher-is-better',
  definition: 'Share of outputs equal to the label.',
  score: (row, text) => (text.trim() === row.myAnswer ? 1 : 0),
});

export const macroF1: Metric<MyDomainRow> = {
  name: 'macroF1',
  direction: 'higher-is-better',
  definition:
    'Mean over the labels that the rows have of F1, 2·TP / (2·TP + FP + FN): a rare one counts like a frequent one.',
  compute(predictions) {
    const pairs = predictions.map(({ row, text }) => ({ given: text.trim(), wanted: row.myAnswer }));
    const scores = [...new Set(pairs.map(({ wanted }) => wanted))].map((label) => {
      const right = pairs.filter(({ given, wanted }) => given === label && wanted === label).length;
      const wrong = pairs.filter(
        ({ given, wanted }) => given !== wanted && (given === label || wanted === label),
      ).length;
      return (2 * right) / (2 * right + wrong);
    });
    return scores.reduce((sum, score) => sum + score, 0) / scores.length;
  },
};
