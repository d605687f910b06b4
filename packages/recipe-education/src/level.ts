import { z } from 'zod';

/** The levels of the Common European Framework of Reference, from beginner to proficient. */
export const cefrLevels = ['A1', 'A2', 'B1', 'B2', 'C1', 'C2'] as const;
export type CefrLevel = (typeof cefrLevels)[number];

/** US grades: 0 is kindergarten, 13 to 16 are the years of college. */
export const HIGHEST_GRADE = 16;

/** Whom a text is for: a US grade, or a learner's level. */
export type Level =
  | { readonly scale: 'grade'; readonly grade: number }
  | { readonly scale: 'cefr'; readonly cefr: CefrLevel };

/** A level as people write it. One type in JSON schema, so that the command line can make a flag of it. */
const writtenLevel = z
  .custom<string | number>(
    (value) => typeof value === 'string' || typeof value === 'number',
    'expected string or number',
  )
  .meta({ type: 'string' });

/** `5`, `"5"`, `"grade 5"`, `"5th grade"`, `"kindergarten"`, `"B1"`, `"CEFR level B1"`. */
export const levelSchema = writtenLevel.transform((written, context): Level => {
  const level = parseLevel(String(written));
  if (level) return level;
  const problem = `"level" must be a US grade from 0 to ${HIGHEST_GRADE} or one of ${cefrLevels.join(', ')}`;
  context.addIssue({ code: 'custom', message: problem });
  return z.NEVER;
});

function parseLevel(written: string): Level | undefined {
  const text = written.trim().toLowerCase();
  if (/^(k|kindergarten)$/.test(text)) return { scale: 'grade', grade: 0 };
  const grade = text.match(/^(?:grade\s*)?(\d{1,2})(?:(?:st|nd|rd|th)?\s*grade)?$/)?.[1];
  if (grade !== undefined) return Number(grade) <= HIGHEST_GRADE ? { scale: 'grade', grade: Number(grade) } : undefined;
  const cefr = cefrLevels.find((level) => level.toLowerCase() === text.replace(/^cefr\s*(level\s*)?/, ''));
  return cefr && { scale: 'cefr', cefr };
}

/** How a level is written in a prompt: `grade 5`, `CEFR level B1`. */
export function levelInWords(level: Level): string {
  if (level.scale === 'cefr') return `CEFR level ${level.cefr}`;
  return level.grade === 0 ? 'kindergarten' : `grade ${level.grade}`;
}

/** The highest US grade that still counts as each CEFR level; what is above the last one is C2. */
export type CefrBands = Readonly<Record<Exclude<CefrLevel, 'C2'>, number>>;

/**
 * Grades 0–2 are A1, 3–4 A2, 5–6 B1, 7–9 B2, 10–12 C1, above C2: the approximate mapping that readabilit.com publishes for
 * Flesch–Kincaid grades ("CEFR Level for Text Readability"). There is no official one, and no formula can be one: CEFR
 * describes people, formulas count syllables. Published guides differ by a level (englishexpert.de puts Flesch ease 70–80,
 * grade 7, at B1), and graded news for learners (OneStopEnglish) reads at 8.4, 9.8 and 11.2 in the median for elementary,
 * intermediate and advanced. Set your own bands where your material has levels of its own.
 */
export const defaultCefrBands: CefrBands = { A1: 2, A2: 4, B1: 6, B2: 9, C1: 12 };

/** The CEFR level of a US grade, as an index into {@link cefrLevels}; grades are rounded first, as the bands are whole. */
export function cefrIndexOfGrade(grade: number, bands: CefrBands = defaultCefrBands): number {
  const rounded = Math.round(grade);
  const index = cefrLevels.findIndex((level) => level !== 'C2' && rounded <= bands[level]);
  return index < 0 ? cefrLevels.length - 1 : index;
}
