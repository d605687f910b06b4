import { expect, it } from 'vitest';
import { placesOfRows } from './source-row.ts';

it('names the rows of each file together', () => {
  const row = (file: string | undefined, line: number) => ({ file, line, value: {} });
  expect(placesOfRows([row('a.csv', 17), row('b.csv', 2), row('a.csv', 4)])).toEqual([
    'a.csv, rows 17, 4',
    'b.csv, row 2',
  ]);
  expect(placesOfRows([row(undefined, 1), row(undefined, 3)])).toEqual(['rows 1, 3']);
});
