import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { PICTURED, plot } from './plot.ts';
import { readResult } from './result.ts';
import { page, resultsIn, written } from './write-up.ts';

it('the page says what the committed trials say, and shows it', () => {
  const text = readFileSync(page, 'utf8');
  const names = resultsIn(text);
  expect(names.length).toBeGreaterThan(0);
  expect(written(text)).toBe(text);
  for (const name of names) {
    const picture = readFileSync(new URL(`prompt-weight/${name}.svg`, page), 'utf8');
    expect(picture).toBe(plot(readResult(name).analysis, PICTURED));
  }
});
