import type { Check } from '../check.ts';
import { compareFigures, stepFigures } from '../figures.ts';
import { oneByOne, type Subject } from '../subject.ts';
import { EXACT } from '../tolerance.ts';

export const recomputation: Check<Subject> = {
  name: 'recomputation',
  claim: 'blocks computed twice are those that were kept',
  tolerance: () => 0,
  reason: EXACT,
  meaning: 'A block that is computed a second time comes out otherwise: train without --recompute.',
  async measure(subject) {
    const { examples, task, breathe } = subject;
    const { decoder } = await subject.model();
    // With the noise of training, which is drawn by place: a second time it must be the same.
    const { loraDropout: adapterDropout = 0 } = task.training;
    const [kept, again] = [false, true].map((recompute) => ({ ...decoder, adapterDropout, recompute }));
    const rows = [oneByOne(examples)];
    const expected = await stepFigures(kept as typeof decoder, rows, task.training, breathe);
    const found = await stepFigures(again as typeof decoder, rows, task.training, breathe);
    return compareFigures(expected, found, decoder.parameters);
  },
};
