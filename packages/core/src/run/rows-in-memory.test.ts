import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tried } from '../test-support/small-runs.ts';

const rows = Array.from({ length: 8 }, (_, i) => ({ Q: `There were ${i} cats`, A: ` and ${i} dogs` }));
async function* generated() {
  yield* rows;
}
const training = { map: { prompt: 'Q', completion: 'A' }, maxSteps: 2, checkpointEvery: undefined };

it('a run on rows in memory is described by what they say, and resumed with the same ones only', async () => {
  const { output, error } = await tried({ data: generated(), evalSplit: 0.25, training });
  expect(error).toBeUndefined();
  const { inputs, training: described } = JSON.parse(await readFile(join(output, 'run.json'), 'utf8'));
  expect(inputs.data).toEqual([{ file: 'data', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
  expect(described.map).toEqual(training.map);
  const again = { output, evalSplit: 0.25, resume: true };
  const same = await tried({ ...again, data: rows, training });
  expect(same.events.map(({ type }) => type)).toEqual(['already-finished']);
  const other = [...rows.slice(1), { Q: 'x', A: 'y' }];
  expect((await tried({ ...again, data: other, training })).error?.message).toContain('rows: data has changed');
  const swapped = { ...training, map: { prompt: 'A', completion: 'Q' } };
  expect((await tried({ ...again, data: rows, training: swapped })).error?.message).toContain(
    'option map: the run was',
  );
});
