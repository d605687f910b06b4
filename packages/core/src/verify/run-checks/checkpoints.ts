import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CHECKPOINT_FILES } from '../../checkpoint/training-state.ts';
import { wrongInFolder } from '../../files/checksums.ts';
import { checkpointsIn } from '../../run/run-folder.ts';
import type { Check } from '../check.ts';
import type { RunSubject } from '../run-subject.ts';
import { listed } from './inputs.ts';

export const checkpoints: Check<RunSubject> = {
  name: 'checkpoints',
  claim: 'checkpoints are what was written',
  tolerance: () => 0,
  reason: 'files are the same or they are not: it counts the checkpoints that are not',
  meaning: 'Nobody could go on from this checkpoint; the result itself does not depend on it.',
  async measure({ run }) {
    const folder = checkpointsIn(run);
    const names = (await readdir(folder).catch(() => [])).filter((name) => /^(step-\d+|best)$/.test(name)).sort();
    if (names.length === 0) return { skipped: 'the run has kept none (--checkpoint-every)' };
    const wrong: string[] = [];
    for (const name of names) {
      const problem = await wrongInFolder(join(folder, name), CHECKPOINT_FILES);
      if (problem !== undefined) wrong.push(`checkpoints/${name}: ${problem}`);
    }
    return [{ difference: wrong.length, found: listed(wrong) }];
  },
};
