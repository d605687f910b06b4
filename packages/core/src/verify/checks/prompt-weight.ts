import { type LossWeights, roleWeights } from '../../batches/loss-weights.ts';
import { isCompletion, type WeightedExample } from '../../tokenization/example.ts';
import type { Check, Difference, Measured } from '../check.ts';
import { aloneBatch, definedWeights, type WeightOf } from '../defined-loss.ts';
import { addedFigures, compareFigures, stepFigures } from '../figures.ts';
import { oneByOne, type Subject } from '../subject.ts';
import { ROUNDING } from '../tolerance.ts';

export const masked: Check<Subject> = {
  name: 'prompt-weight-0',
  claim: 'the loss is that of the answers alone',
  tolerance: ({ rounding }) => rounding,
  reason: ROUNDING,
  meaning: 'Tokens of the prompt are learnt from although they are masked.',
  measure: (subject) =>
    compareWeights(
      subject,
      { promptLossWeight: 0, templateLossWeight: 0 },
      ({ roles, segmentWeights, rowWeight }, i) =>
        isCompletion(roles[i]) ? (segmentWeights[i] as number) * rowWeight : 0,
    ),
};

export const full: Check<Subject> = {
  name: 'prompt-weight-1',
  claim: 'the loss is that of all tokens alike',
  tolerance: ({ rounding }) => rounding,
  reason: ROUNDING,
  meaning: 'At weight 1 tokens of the prompt count otherwise than those of the answer.',
  measure: (subject) =>
    compareWeights(
      subject,
      { promptLossWeight: 1, templateLossWeight: 1 },
      ({ segmentWeights, rowWeight }, i) => (segmentWeights[i] as number) * rowWeight,
    ),
};

/** The shortest and the longest row, each in a step of its own: the weights of its roles against weights that know no roles. */
async function compareWeights(subject: Subject, weights: LossWeights, weightOf: WeightOf): Promise<Measured> {
  const { breathe } = subject;
  const training = { ...subject.training, promptLossFraction: undefined, labelSmoothing: 0 };
  const { decoder } = await subject.model();
  const differences: Difference[] = [];
  for (const [e, example] of shortestAndLongest(subject.examples)) {
    const [own = new Float64Array()] = definedWeights([example], weightOf, training);
    if (!own.some((weight) => weight > 0)) continue;
    const expected = await addedFigures(decoder, [aloneBatch(example, own)], training, breathe);
    const weighted = { ...example, roleWeights: roleWeights(weights) };
    const found = await stepFigures(decoder, [oneByOne([weighted])], training, breathe);
    const prefix = `row ${e + 1} of those that were looked at: `;
    differences.push(...compareFigures(expected, found, { trainable: decoder.parameters.trainable, prefix }));
  }
  return differences.length > 0 ? differences : { skipped: 'there is nothing in the rows that would have a weight' };
}

function shortestAndLongest(examples: readonly WeightedExample[]): (readonly [number, WeightedExample])[] {
  const byLength = [...examples.entries()].sort(([, a], [, b]) => a.ids.length - b.ids.length);
  return byLength.filter((_, place) => place === 0 || place === byLength.length - 1);
}
