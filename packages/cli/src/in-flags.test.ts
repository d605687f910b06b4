import { expect, it } from 'vitest';
import { commands } from './commands/index.ts';
import { inFlags } from './in-flags.ts';

it.each([
  [
    'Option splitBy reads the column "x".\n  where: option splitBy',
    '--split-by reads the column "x".\n  where: --split-by',
  ],
  ['option maxSteps: the run was started with 6, now 8', '--max-steps: the run was started with 6, now 8'],
  ['There is no such option here, and no option nonsense.', 'There is no such option here, and no option nonsense.'],
])('names options as the command line has them: %s', (message, told) => {
  expect(inFlags(message, commands)).toBe(told);
});
