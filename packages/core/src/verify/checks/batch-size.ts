import type { Check } from '../check.ts';
import { compareFigures, stepFigures } from '../figures.ts';
import { oneByOne, type Subject } from '../subject.ts';
import { ROUNDING } from '../tolerance.ts';

export const batchSize: Check<Subject> = {
  name: 'batch-size',
  claim: 'rows side by side are rows one by one',
  tolerance: ({ rounding }) => rounding,
  reason: ROUNDING,
  meaning:
    'What a row teaches depends on the rows beside it: padding is seen, or counted. Another --batch-size would train another model.',
  async measure(subject) {
    const { examples, training, breathe } = subject;
    if (examples.length < 2) return { skipped: 'there is one row only' };
    const defined = await subject.defined();
    const { decoder } = await subject.model();
    const together = await stepFigures(decoder, [oneByOne(examples)], training, breathe);
    return compareFigures(defined, together, decoder.parameters);
  },
};
