import { expect, it } from 'vitest';
import { findNearDuplicates } from './find-near-duplicates.ts';
import { shinglesOf } from './shingles.ts';

const shingles = (text: string) => shinglesOf(text.split(' '));
const own = (from: number, count = 20) => Array.from({ length: count }, (_, i) => `w${from + i}`).join(' ');

it('names the first row that a row is nearly equal to, and never a duplicate', async () => {
  // Each of the last three is nearly the one before it; the last is no longer nearly the first.
  const chain = [own(100, 60), own(0, 60), own(4, 60), own(8, 60), own(12, 60)].map(shingles);
  expect([...(await findNearDuplicates(chain, [], { dropsInEvaluation: false })).earlier]).toEqual([-1, -1, 1, -1, 3]);
});

it('takes what many rows say for a template', async () => {
  const template = own(10_000, 200);
  const rows = Array.from({ length: 60 }, (_, i) => shingles(`${template} ${own(100 * i)}`));
  const { earlier } = await findNearDuplicates([...rows, shingles(`${template} ${own(0, 19)}`)], [], {
    dropsInEvaluation: false,
  });
  expect([...earlier]).toEqual([...rows.map(() => -1), 0]);
});

it('does not take many copies of one row for a template', async () => {
  const copies = Array.from({ length: 60 }, () => shingles(own(0)));
  const { earlier } = await findNearDuplicates([...copies, shingles(own(0, 21))], [], { dropsInEvaluation: false });
  expect([...earlier]).toEqual([-1, ...Array.from({ length: 60 }, () => 0)]);
});

it('compares with the rows to evaluate on, and keeps what is dropped for them from being a pattern', async () => {
  const [training, evaluation] = [[own(0, 60), own(3, 60), own(500)], [own(0, 60)]].map((some) => some.map(shingles));
  const counted = await findNearDuplicates(training ?? [], evaluation ?? [], { dropsInEvaluation: false });
  expect([[...counted.earlier], [...counted.inEvaluation]]).toEqual([
    [-1, 0, -1],
    [1, 1, 0],
  ]);
  expect([
    ...(await findNearDuplicates(training ?? [], evaluation ?? [], { dropsInEvaluation: true })).earlier,
  ]).toEqual([-1, -1, -1]);
});

it('ends when it is told to', async () => {
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(findNearDuplicates([shingles('a')], [], { dropsInEvaluation: false, signal })).rejects.toThrow('enough');
});
