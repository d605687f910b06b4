import { narrowestWindow } from '../../model/config.ts';
import type { Check } from '../check.ts';
import type { Subject } from '../subject.ts';
import { ROUNDING } from '../tolerance.ts';
import { comparePacked, packed } from './packing.ts';

export const sharedPrefix: Check<Subject> = {
  name: 'shared-prefix',
  claim: 'a shared beginning is computed as in each row',
  tolerance: ({ rounding }) => rounding,
  reason: ROUNDING,
  meaning:
    'A beginning that rows share is seen or counted otherwise than in each of them: train with another --packing.',
  async measure(subject) {
    const { examples, task } = subject;
    const rows = packed(examples, 'shared-prefix');
    if (!rows.some(({ prefix }) => prefix > 0)) return { skipped: 'the rows begin with nothing that they share' };
    const longest = Math.max(...examples.map(({ ids }) => ids.length));
    if (longest - 1 > narrowestWindow(task.config)) {
      return { skipped: "rows are longer than the model's attention reaches back, where no prefix can be shared" };
    }
    return comparePacked(subject, rows);
  },
};
