import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { silentCodes } from '../../scripts/docs/error-page.ts';
import { fileOf, pages, sources, written } from '../../scripts/docs/pages.ts';
import { userErrors } from '../../scripts/docs/user-errors.ts';

/** The tables of pages say what the code says. Where one of these fails, `pnpm docs:tables` writes them anew. */

it.each(Object.entries(pages))('%s says what the code says', (page, tables) => {
  const text = readFileSync(fileOf(page), 'utf8');
  expect(text).toBe(written(text, tables()));
});

it.each(Object.entries(sources))('%s says what the code says', (path, source) => {
  expect(readFileSync(fileOf(path), 'utf8')).toBe(source());
});

describe('when something goes wrong', () => {
  const said = userErrors();
  const codesOf = (problem: string) => [
    ...new Set(said.filter((one) => one.problem === problem).map(({ code }) => code)),
  ];
  const fixesOf = (problem: string) => [
    ...new Set(said.filter((one) => one.problem === problem).map(({ fix }) => fix)),
  ];

  it('has something to say of every code', () => {
    expect(silentCodes(said)).toEqual([]);
  });

  it('takes one side of a condition for code and problem alike', () => {
    expect(codesOf('There is such a file already')).toEqual(['output-in-use']);
    expect(codesOf('The file cannot be written: …')).toEqual(['output-unwritable']);
  });

  it('takes problem and fix from the same caller', () => {
    expect(fixesOf('There is nothing to serve')).toEqual(['Give the folder of a run, or --model.']);
    expect(fixesOf('There is no place to push to')).toEqual(['Give --to org/name, or --card-only FILE.']);
  });
});
