import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { measuredFile, measuredInJson } from './measured.ts';
import { PICTURED, plot } from './plot.ts';
import { regimes } from './regimes.ts';
import { readResult, resultNames } from './result.ts';
import { page, resultsIn, written } from './write-up.ts';

// Where one of these fails after an experiment: node experiments/prompt-weight/write-up.ts

it('the page has a place for every experiment, says what the committed trials say, and shows it', () => {
  const text = readFileSync(page, 'utf8');
  expect(resultsIn(text).sort()).toEqual(Object.keys(regimes).sort());
  expect(resultNames().length).toBeGreaterThan(0);
  expect(written(text)).toBe(text);
  for (const name of resultNames()) {
    const picture = readFileSync(new URL(`prompt-weight/${name}.svg`, page), 'utf8');
    expect(picture).toBe(plot(readResult(name).analysis, PICTURED));
  }
});

it('advice goes by what was measured', () => {
  expect(readFileSync(measuredFile, 'utf8')).toBe(measuredInJson());
});
