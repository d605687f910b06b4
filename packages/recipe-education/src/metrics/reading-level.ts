import type { MetricProgress } from '@counterweight/core/recipe';
import { type CefrBands, cefrIndexOfGrade, cefrLevels, defaultCefrBands, HIGHEST_GRADE, type Level } from '../level.ts';
import {
  automatedReadabilityGrade,
  colemanLiauGrade,
  fleschKincaidGrade,
  gunningFogGrade,
  smogGrade,
} from '../readability/formulas.ts';
import { english, type ReadingLanguage } from '../readability/language.ts';
import { countText, type TextCounts } from '../readability/text-counts.ts';

/** The formulas that give a US grade. */
export const gradeFormulas = {
  'flesch-kincaid': fleschKincaidGrade,
  smog: smogGrade,
  'coleman-liau': colemanLiauGrade,
  'automated-readability': automatedReadabilityGrade,
  'gunning-fog': gunningFogGrade,
} as const satisfies Record<string, (counts: TextCounts) => number>;

export type GradeFormula = keyof typeof gradeFormulas;

export interface LevelScale {
  readonly gradeFormula?: GradeFormula;
  readonly cefrBands?: CefrBands;
  /** How syllables are counted. Default: `english`, with NLTK's dictionary. */
  readonly language?: ReadingLanguage;
}

/** A text, and the level it was to have. */
export interface LevelledText {
  readonly level: Level;
  readonly text: string;
}

/** Where a text was to be and where it is, as whole numbers on one scale. */
export interface ReachedLevel {
  readonly target: number;
  /** Undefined for a text without words. */
  readonly reached: number | undefined;
  readonly highest: number;
}

/**
 * A text's place on its target's scale: the rounded US grade, held between 0 and 16, or the index of the CEFR level that
 * the grade falls into.
 */
export function reachedLevel({ level, text }: LevelledText, scale: LevelScale = {}): ReachedLevel {
  const grade = gradeOf(text, scale);
  if (level.scale === 'grade') {
    return {
      target: level.grade,
      reached: grade === undefined ? undefined : Math.round(grade),
      highest: HIGHEST_GRADE,
    };
  }
  return {
    target: cefrLevels.indexOf(level.cefr),
    reached: grade === undefined ? undefined : cefrIndexOfGrade(grade, scale.cefrBands),
    highest: cefrLevels.length - 1,
  };
}

function gradeOf(
  text: string,
  { gradeFormula = 'flesch-kincaid', language = english }: LevelScale,
): number | undefined {
  const counts = countText(text, language);
  if (counts.words === 0) return undefined;
  return Math.min(HIGHEST_GRADE, Math.max(0, gradeFormulas[gradeFormula](counts)));
}

/**
 * Share of texts whose level is the target's, or at most `tolerance` grades (for CEFR: levels) away. A text without words
 * is a miss.
 */
export function inBandAccuracy(texts: readonly LevelledText[], tolerance: number, scale: LevelScale = {}): number {
  let hits = 0;
  for (const levelled of texts) {
    const { target, reached } = reachedLevel(levelled, scale);
    if (reached !== undefined && Math.abs(reached - target) <= tolerance) hits += 1;
  }
  return hits / texts.length;
}

/**
 * Targets and reached levels, for {@link quadraticWeightedKappa}. Where texts have targets on both scales, grades become
 * CEFR levels. A text without words counts as the end of the scale that is farther from its target.
 */
export async function levelRatings(
  texts: readonly LevelledText[],
  scale: LevelScale = {},
  onProgress?: MetricProgress,
): Promise<{ readonly targets: number[]; readonly reached: number[] }> {
  const bands = scale.cefrBands ?? defaultCefrBands;
  const mixed = new Set(texts.map(({ level }) => level.scale)).size > 1;
  const ratings: { target: number; reached: number }[] = [];
  for (const [i, { level, text }] of texts.entries()) {
    const onOneScale: Level =
      mixed && level.scale === 'grade'
        ? { scale: 'cefr', cefr: cefrLevels[cefrIndexOfGrade(level.grade, bands)] ?? 'C2' }
        : level;
    const { target, reached, highest } = reachedLevel({ level: onOneScale, text }, scale);
    ratings.push({ target, reached: reached ?? (target > highest / 2 ? 0 : highest) });
    await onProgress?.(i + 1, texts.length);
  }
  return { targets: ratings.map(({ target }) => target), reached: ratings.map(({ reached }) => reached) };
}
