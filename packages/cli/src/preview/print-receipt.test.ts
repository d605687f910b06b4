import pc from 'picocolors';
import { expect, it } from 'vitest';
import { printReceipt } from './print-receipt.ts';

const lines = [
  { label: 'rows', value: '1,000 read', notes: ['dropped: a word and another '.repeat(6).trim()] },
  { label: 'prompt share', value: '25.0 % of the total weight', notes: [] },
];
const printed = printReceipt(lines, 0.25, { colors: pc.createColors(false), columns: 80 });

it('is a list with a bar for the share of the prompt', () => {
  expect(printed).toContain(`${'▒'.repeat(10)}${'█'.repeat(30)}  ▒ prompt 25.0 %`);
});

it('wraps what is long, below its value', () => {
  const notes = printed.split('\n').slice(2, -3);
  expect(notes.length).toBeGreaterThan(1);
  expect(notes.every((line) => line.startsWith(' '.repeat(16)) && line.length <= 80)).toBe(true);
});
