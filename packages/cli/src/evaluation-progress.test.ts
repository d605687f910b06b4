import { expect, it } from 'vitest';
import { watchEvaluation } from './evaluation-progress.ts';
import { openTerminal } from './terminal.ts';
import { memoryStream } from './test-support.ts';

it('counts the rows of a part, and not those of all parts together', () => {
  const stderr = memoryStream({ isTTY: true, columns: 120 });
  const terminal = openTerminal({ stdout: memoryStream(), stderr, env: { NO_COLOR: '1' } }, false);
  const evaluating = watchEvaluation(terminal);
  evaluating.update(400, 400, 'losses');
  evaluating.update(1, 400, 'outputs');
  evaluating.update(2, 400, 'outputs');
  evaluating.end();
  const shown = stderr
    .text()
    .split('\r\u001b[2K')
    .map((line) =>
      line
        .replace(/^[█▏▎▍▌▋▊▉·]* /, '')
        .replace(/ {2}ETA .*/, '')
        .trim(),
    );
  expect(shown.filter(Boolean)).toEqual([
    'evaluating losses 400/400',
    'evaluating outputs 1/400',
    'evaluating outputs 2/400',
  ]);
});
