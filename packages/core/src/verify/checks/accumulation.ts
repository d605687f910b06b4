import type { Check } from '../check.ts';
import { compareFigures, stepFigures } from '../figures.ts';
import { oneByOne, type Subject } from '../subject.ts';
import { ROUNDING } from '../tolerance.ts';

export const accumulation: Check<Subject> = {
  name: 'accumulation',
  claim: 'many micro-batches are one large one',
  tolerance: ({ rounding }) => rounding,
  reason: ROUNDING,
  meaning:
    'The loss is divided by something else in every micro-batch, or gradients are lost between them: --gradient-accumulation would not stand for a larger batch.',
  async measure(subject) {
    const { examples, training, breathe } = subject;
    if (examples.length < 2) return { skipped: 'there is one row only' };
    const defined = await subject.defined();
    const { decoder } = await subject.model();
    const microBatches = oneByOne(examples).map((row) => [row]);
    const accumulated = await stepFigures(decoder, microBatches, training, breathe);
    return compareFigures(defined, accumulated, decoder.parameters);
  },
};
