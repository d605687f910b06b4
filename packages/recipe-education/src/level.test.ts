import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cefrIndexOfGrade, cefrLevels, levelInWords, levelSchema } from './level.ts';
import { inBandAccuracy, levelRatings, reachedLevel } from './metrics/reading-level.ts';

it.each([
  [5, 'grade 5'],
  ['5', 'grade 5'],
  [' Grade 12 ', 'grade 12'],
  ['5th grade', 'grade 5'],
  ['K', 'kindergarten'],
  [0, 'kindergarten'],
  ['b2', 'CEFR level B2'],
  ['CEFR C1', 'CEFR level C1'],
])('%j is %s', (written, words) => {
  const level = levelSchema.parse(written);
  expect(levelInWords(level)).toBe(words);
  expect(levelSchema.parse(levelInWords(level))).toEqual(level);
});

it.each([17, -1, 4.5, 'D1', 'easy', ''])('%j is no level', (written) => {
  expect(levelSchema.safeParse(written).success).toBe(false);
});

it('grades fall into CEFR bands, rounded', () => {
  const levels = [-1, 2.4, 2.5, 4.4, 6.4, 6.5, 9.4, 9.5, 12.4, 12.5, 20].map(
    (grade) => cefrLevels[cefrIndexOfGrade(grade)],
  );
  expect(levels).toEqual(['A1', 'A1', 'A2', 'A2', 'B1', 'B2', 'B2', 'C1', 'C1', 'C2', 'C2']);
});

it('OneStopEnglish reads at the grades that the documentation names', () => {
  const grades: Record<string, number[]> = JSON.parse(
    readFileSync(new URL('../fixtures/onestop-grades.json', import.meta.url), 'utf8'),
  );
  const medians = Object.values(grades).map((values) => values.toSorted((a, b) => a - b)[(values.length - 1) / 2]);
  expect(medians).toEqual([8.373, 9.822, 11.179]);
});

describe('a text', () => {
  const easy = 'The cat sat on the mat. It was a big red mat.';
  const hard =
    'Notwithstanding considerable institutional opposition, the administration implemented comprehensive regulations.';

  it('reaches a grade or a CEFR level, or none without words', () => {
    expect(reachedLevel({ level: { scale: 'grade', grade: 1 }, text: easy })).toEqual({
      target: 1,
      reached: 0,
      highest: 16,
    });
    expect(reachedLevel({ level: { scale: 'cefr', cefr: 'B1' }, text: hard })).toEqual({
      target: 2,
      reached: 5,
      highest: 5,
    });
    expect(reachedLevel({ level: { scale: 'grade', grade: 1 }, text: ' ... ' }).reached).toBeUndefined();
  });

  it('is in band, or near', () => {
    const texts = [
      { level: { scale: 'grade', grade: 1 }, text: easy },
      { level: { scale: 'grade', grade: 0 }, text: easy },
      { level: { scale: 'grade', grade: 5 }, text: hard },
      { level: { scale: 'grade', grade: 0 }, text: '' },
    ] as const;
    expect(inBandAccuracy(texts, 0)).toBe(1 / 4);
    expect(inBandAccuracy(texts, 1)).toBe(2 / 4);
  });

  it('is rated on one scale, the empty one at its far end', async () => {
    expect(
      await levelRatings([
        { level: { scale: 'grade', grade: 5 }, text: easy },
        { level: { scale: 'cefr', cefr: 'C1' }, text: '' },
        { level: { scale: 'cefr', cefr: 'A1' }, text: '' },
      ]),
    ).toEqual({ targets: [2, 4, 0], reached: [0, 0, 5] });
  });
});
