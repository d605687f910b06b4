import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as formulas from './formulas.ts';
import { english, fleschConstants, fogSyllables, type ReadingLanguage } from './language.ts';
import { linsearWriteGrade } from './linsear-write.ts';
import * as other from './other-formulas.ts';
import { readability, readingTime, standardGrade } from './readability.ts';
import { countText, difficultWordsOf, longWordCount, shortWordCount, type TextCounts } from './text-counts.ts';
import { characterCount, letterCount, sentenceCount, wordsOf } from './words.ts';

/** A case of textstat's own tests; `expected` rounded as there, `exact` what textstat 0.7.13 returns (see ATTRIBUTION.md). */
interface Case {
  readonly metric: string;
  readonly text?: string;
  readonly test?: string;
  readonly lang?: string;
  readonly expected?: number;
  readonly n_words?: number;
  readonly n_syllables?: number;
  readonly margin?: number;
  readonly exact: number;
  readonly [option: string]: string | number | boolean | undefined;
}

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../fixtures/textstat/${name}`, import.meta.url), 'utf8'));
const cases: Case[] = read('expected.json');
const texts: Record<string, string> = read('texts.json');
const syllables: Record<string, Record<string, number>> = read('syllables.json');

function languageOf(code = 'en_US'): ReadingLanguage {
  if (code === 'en_US') return english;
  const short = code.slice(0, 2) as keyof typeof fleschConstants;
  return {
    ...english,
    flesch: fleschConstants[short],
    fogSyllables: short === 'hu' ? fogSyllables.hu : english.fogSyllables,
    syllables: (word) => syllables[code]?.[word] ?? Number.NaN,
  };
}

const fromCounts: Record<string, (counts: TextCounts, language: ReadingLanguage, given: Case) => number> = {
  count_monosyllable_words: (counts) => counts.monosyllables,
  count_polysyllable_words: (counts) => counts.polysyllables,
  count_syllables: (counts) => counts.syllables,
  automated_readability_index: formulas.automatedReadabilityGrade,
  chars_per_word: ({ characters, chunks }) => (chunks ? characters / chunks : 0),
  coleman_liau_index: formulas.colemanLiauGrade,
  crawford: other.crawford,
  dale_chall_readability_score: formulas.daleChallScore,
  dale_chall_readability_score_v2: formulas.daleChallScoreV2,
  fernandez_huerta: other.fernandezHuerta,
  flesch_kincaid_grade: formulas.fleschKincaidGrade,
  flesch_reading_ease: (counts, language) => formulas.fleschReadingEase(counts, language.flesch),
  gulpease_index: other.gulpease,
  gunning_fog: formulas.gunningFogGrade,
  gutierrez_polini: other.gutierrezPolini,
  letters_per_word: ({ letters, words }) => (words ? letters / words : 0),
  lix: formulas.lix,
  reading_time: (counts, _, given) => readingTime(counts, Number(given.ms_per_char)),
  rix: formulas.rix,
  sentences_per_word: ({ sentences, words }) => (words ? sentences / words : 0),
  smog_index: formulas.smogGrade,
  spache_readability: formulas.spacheGrade,
  syllables_per_word: (counts) => (counts.words ? counts.syllables / counts.words : 0),
  szigriszt_pazos: (counts, language) => other.szigrisztPazos(counts, language.flesch),
  wiener_sachtextformel: (counts, _, given) => other.wienerSachtextformel(counts, given.variant as 1 | 2 | 3 | 4),
  words_per_sentence: ({ words, sentences }) => (sentences ? words / sentences : 0),
};

const fromText: Record<string, (text: string, given: Case) => number> = {
  count_chars: (text, { ignore_spaces }) => characterCount(text, { spaces: !ignore_spaces }),
  count_difficult_words: (text, { syllable_threshold, unique }) => {
    const words = difficultWordsOf(text, Number(syllable_threshold));
    return unique ? new Set(words).size : words.length;
  },
  count_letters: letterCount,
  count_long_words: (text, { threshold }) => longWordCount(text, Number(threshold)),
  count_miniwords: (text, { max_size }) => shortWordCount(text, Number(max_size)),
  count_sentences: sentenceCount,
  count_words: (text, { rm_punctuation, split_contractions, split_hyphens }) =>
    wordsOf(text, {
      remove: rm_punctuation ? 'punctuation-but-contractions' : 'nothing',
      splitContractions: Boolean(split_contractions),
      splitHyphens: Boolean(split_hyphens),
    }).length,
  linsear_write_formula: (text, { strict_lower, strict_upper }) =>
    linsearWriteGrade(text, { strictLower: Boolean(strict_lower), strictUpper: Boolean(strict_upper) }),
  osman: (text) => other.osman(text, countText(text)),
  text_standard: (text) => standardGrade(readability(text)),
};

function ours(given: Case): number {
  const name = given.text ?? given.test ?? '';
  const text = name.startsWith('@') ? (texts[name.slice(1)] ?? '') : name;
  const language = languageOf(given.lang);
  const compute = fromCounts[given.metric];
  if (compute) return compute(countText(text, language), language, given);
  return fromText[given.metric]?.(text, given) ?? Number.NaN;
}

describe('readability equals textstat', () => {
  it.each(Object.keys({ ...fromCounts, ...fromText }))('%s', (metric) => {
    const ofMetric = cases.filter((given) => given.metric === metric);
    expect(ofMetric.length).toBeGreaterThan(3);
    for (const given of ofMetric) {
      const value = ours(given);
      expect(Math.abs(value - given.exact), `${JSON.stringify(given)} gives ${value}`).toBeLessThan(1e-9);
      const published = given.expected ?? given.n_words ?? given.n_syllables ?? Number.NaN;
      // The one value that textstat itself no longer gives: its Spanish hyphenation dictionary has changed since.
      if (metric === 'flesch_reading_ease' && given.lang === 'es_ES') continue;
      // Its tests look at what is behind the public function, which has bounds.
      if (metric === 'text_standard' && given.exact === 1) continue;
      // textstat's tests compare rounded to three decimals, syllables within a margin.
      expect(Math.abs(value - published)).toBeLessThanOrEqual(
        (given.margin ?? 0) + (Number.isInteger(given.exact) ? 0 : 5e-4 + 1e-9),
      );
    }
  });

  it('covers every case', () => {
    expect(cases).toHaveLength(280);
    const metrics = new Set(cases.map((given) => given.metric));
    expect([...metrics].filter((metric) => !(metric in fromCounts) && !(metric in fromText))).toEqual([]);
  });
});
