import type { Metric, Prediction } from '@counterweight/core/recipe';
import type { Level } from '../level.ts';
import type { OptionsOf, Task } from '../options.ts';
import { englishWith } from '../readability/language.ts';
import { quadraticWeightedKappa } from './quadratic-kappa.ts';
import { inBandAccuracy, type LevelledText, type LevelScale, levelRatings } from './reading-level.ts';

/**
 * The numbers for "is it at the level that was asked for?". Formulas reward choppy text, and single sentences scatter
 * widely: read them beside a score of what is said, over many rows. Kappa needs targets that differ: where the option
 * `level` makes one level the rule, it is left out.
 */
export function levelMetrics<Row extends { readonly level?: Level | undefined }>(
  { level: levelOfAll, gradeFormula, cefrBands, dictionary }: OptionsOf<Task>,
  proseOf: (text: string) => string = (text) => text,
): Metric<Row>[] {
  const scale: LevelScale = { gradeFormula, cefrBands, language: englishWith(dictionary) };
  const syllables = { cmudict: 'NLTK’s CMU dictionary, as in textstat', npm: 'cmu-pronouncing-dictionary 3.0.0' };
  const counted = typeof dictionary === 'string' ? syllables[dictionary] : dictionary.path;
  const levelled = (predictions: readonly Prediction<Row>[]): LevelledText[] =>
    predictions.flatMap(({ row: { level }, text }) => (level ? [{ level, text: proseOf(text) }] : []));
  const measured = `Levels are measured by ${gradeFormula} (textstat 0.7.13’s counts; syllables by ${counted}), rounded; a text without words is a miss.`;
  const share = (tolerance: number): Pick<Metric<Row>, 'compute' | 'perRow' | 'aggregation'> => ({
    aggregation: 'mean',
    compute: (predictions) => inBandAccuracy(levelled(predictions), tolerance, scale),
    perRow: (prediction) => inBandAccuracy(levelled([prediction]), tolerance, scale),
  });
  const accuracies: Metric<Row>[] = [
    {
      name: 'levelExact',
      direction: 'higher-is-better',
      definition: `Share of outputs at the very grade, or CEFR level, that was asked for. ${measured}`,
      ...share(0),
    },
    {
      name: 'levelWithinOne',
      headline: true,
      direction: 'higher-is-better',
      definition: `Share of outputs at most one grade, or CEFR level, from what was asked for. ${measured}`,
      ...share(1),
    },
  ];
  const kappa: Metric<Row>[] = [
    {
      name: 'levelKappa',
      direction: 'higher-is-better',
      definition:
        'Quadratically weighted kappa of the levels asked for and measured. A text without words counts as the far end ' +
        'of the scale; grades become CEFR levels where rows have both.',
      compute: async (predictions, onProgress) => {
        const { targets, reached } = await levelRatings(levelled(predictions), scale, onProgress);
        return quadraticWeightedKappa(targets, reached);
      },
    },
  ];
  return levelOfAll ? accuracies : [...accuracies, ...kappa];
}
