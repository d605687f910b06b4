import {
  automatedReadabilityGrade,
  colemanLiauGrade,
  daleChallScore,
  fleschKincaidGrade,
  fleschReadingEase,
  gunningFogGrade,
  lix,
  rix,
  smogGrade,
  spacheGrade,
} from './formulas.ts';
import { english, type ReadingLanguage } from './language.ts';
import { linsearWriteGrade } from './linsear-write.ts';
import { countText, type TextCounts } from './text-counts.ts';

/** textstat's bounds of its consensus: the first year of school, and the last of graduate school. */
const LOWEST_STANDARD = 1;
const HIGHEST_STANDARD = 18;

/** What the formulas say of a text. Names that end in Grade are US grades. */
export interface Readability {
  readonly counts: TextCounts;
  /** About 100 (very easy) down to 0 (very hard). */
  readonly fleschReadingEase: number;
  readonly fleschKincaidGrade: number;
  readonly smogGrade: number;
  readonly colemanLiauGrade: number;
  readonly automatedReadabilityGrade: number;
  readonly gunningFogGrade: number;
  readonly linsearWriteGrade: number;
  /** 4.9 and below for grade 4, 9.0 to 9.9 for college. */
  readonly daleChallScore: number;
  readonly spacheGrade: number;
  readonly lix: number;
  readonly rix: number;
}

/** Counts a text once and puts it through the formulas. */
export function readability(text: string, language: ReadingLanguage = english): Readability {
  const counts = countText(text, language);
  return {
    counts,
    fleschReadingEase: fleschReadingEase(counts, language.flesch),
    fleschKincaidGrade: fleschKincaidGrade(counts),
    smogGrade: smogGrade(counts),
    colemanLiauGrade: colemanLiauGrade(counts),
    automatedReadabilityGrade: automatedReadabilityGrade(counts),
    gunningFogGrade: gunningFogGrade(counts),
    linsearWriteGrade: linsearWriteGrade(text, {}, language),
    daleChallScore: daleChallScore(counts),
    spacheGrade: spacheGrade(counts),
    lix: lix(counts),
    rix: rix(counts),
  };
}

/** Seconds to read a text, at so many milliseconds a character (Demberg and Keller 2008: 14.69). */
export function readingTime({ characters }: TextCounts, millisecondsPerCharacter = 14.69): number {
  return (millisecondsPerCharacter * characters) / 1000;
}

/**
 * textstat's consensus: the grade that most of the formulas round to, each counted rounded down, up and to the nearest
 * (halves to the even number); of several, the one named first. Between 1 and 18, as textstat's `text_standard` gives it.
 */
export function standardGrade(measures: Readability): number {
  const around = (score: number) => [Math.floor(score), Math.ceil(score), roundHalfToEven(score)];
  const votes = [
    ...around(measures.fleschKincaidGrade),
    ...easeGrades(measures.fleschReadingEase),
    ...around(measures.smogGrade),
    ...around(measures.colemanLiauGrade),
    ...around(measures.automatedReadabilityGrade),
    ...around(measures.daleChallScore),
    ...around(measures.linsearWriteGrade),
    ...around(measures.gunningFogGrade),
  ];
  const counts = new Map<number, number>();
  for (const vote of votes) counts.set(vote, (counts.get(vote) ?? 0) + 1);
  let best = { grade: 0, count: 0 };
  for (const [grade, count] of counts) if (count > best.count) best = { grade, count };
  return Math.min(HIGHEST_STANDARD, Math.max(LOWEST_STANDARD, best.grade));
}

function easeGrades(ease: number): number[] {
  if (ease >= 100 || ease < 30) return [13];
  if (ease >= 90) return [5];
  if (ease >= 80) return [6];
  if (ease >= 70) return [7];
  if (ease >= 60) return [8, 9];
  if (ease >= 50) return [10];
  return ease >= 40 ? [11] : [12];
}

function roundHalfToEven(value: number): number {
  const down = Math.floor(value);
  if (value - down !== 0.5) return Math.round(value);
  return down % 2 === 0 ? down : down + 1;
}
