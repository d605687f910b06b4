import { expect, it } from 'vitest';
import { nothingLeft } from './nothing-left.ts';

it('says of rows that all do not fit what is wrong with the first', () => {
  const dropped = [1, 2].map((line) => ({ file: 'a.csv', line, reason: 'invalid' as const, problem: 'No "prompt".' }));
  expect(nothingLeft(dropped)).toMatchObject({
    problem: 'None of 2 rows fits the recipe. The first: No "prompt".',
    where: 'a.csv, line 1',
  });
  expect(nothingLeft([...dropped, { file: 'a.csv', line: 3, reason: 'too-long' }]).problem).toContain('2 invalid');
});
