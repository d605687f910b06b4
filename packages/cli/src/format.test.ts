import { expect, it } from 'vitest';
import { table } from './format.ts';

it('lines up columns by what is seen, colours and wide characters included', () => {
  const rows = [
    ['\u001b[1ma\u001b[22m', '1'],
    ['你好', '10'],
  ];
  expect(table(rows, 1)).toBe('  \u001b[1ma\u001b[22m      1\n  你好  10\n');
});
