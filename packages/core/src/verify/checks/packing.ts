import { atOnce } from '../../abort.ts';
import { packEpoch, planPacking } from '../../batches/pack.ts';
import type { Examples, PackedRow, WeightedExample } from '../../tokenization/example.ts';
import type { Check, Measured } from '../check.ts';
import { compareFigures, stepFigures } from '../figures.ts';
import type { Subject } from '../subject.ts';
import { ROUNDING } from '../tolerance.ts';

export const packing: Check<Subject> = {
  name: 'packing',
  claim: 'packed rows are rows one by one',
  tolerance: ({ rounding }) => rounding,
  reason: ROUNDING,
  meaning: 'Packed rows see each other, or have wrong positions or weights: train without --packing.',
  measure: (subject) => comparePacked(subject, packed(subject.examples, 'examples')),
};

export async function comparePacked(subject: Subject, rows: readonly PackedRow<WeightedExample>[]): Promise<Measured> {
  if (subject.examples.length < 2) return { skipped: 'there is one row only' };
  const defined = await subject.defined();
  const { decoder } = await subject.model();
  const together = await stepFigures(decoder, [rows], subject.training, subject.breathe);
  return compareFigures(defined, together, decoder.parameters);
}

/** All of them, in as few rows as there can be. */
export function packed(
  list: readonly WeightedExample[],
  how: 'examples' | 'shared-prefix',
): PackedRow<WeightedExample>[] {
  const lengths = list.map(({ ids }) => ids.length);
  const examples: Examples = { length: list.length, lengths, at: (i) => list[i] };
  const maxLength = lengths.reduce((sum, length) => sum + length, 0);
  const plan = atOnce(planPacking(examples, { packing: how, maxLength }));
  if (!plan) return [];
  const rows = packEpoch(plan, { drawn: list.map((_, i) => i), seed: 0, epoch: 0, shuffle: false });
  return rows.map(({ examples, prefix }) => ({ prefix, examples: examples.map((i) => list[i] as WeightedExample) }));
}
