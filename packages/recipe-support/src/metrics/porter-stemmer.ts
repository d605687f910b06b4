/**
 * The Porter stemmer as NLTK runs it by default (`PorterStemmer(mode="NLTK_EXTENSIONS")`), which is the one that
 * rouge_score uses: M. F. Porter, "An algorithm for suffix stripping", Program 14(3), 1980, with NLTK's departures.
 * The npm packages that were looked at follow the paper (they stem `enjoy` to `enjoi`), hence our own.
 */

/** A suffix, what takes its place, and the condition on the stem before it. */
type Rule = readonly [suffix: string, replacement: string, condition?: (stem: string) => boolean];

const IRREGULAR = new Map([
  ['sky', 'sky'],
  ['skies', 'sky'],
  ['dying', 'die'],
  ['lying', 'lie'],
  ['tying', 'tie'],
  ['news', 'news'],
  ['innings', 'inning'],
  ['inning', 'inning'],
  ['outings', 'outing'],
  ['outing', 'outing'],
  ['cannings', 'canning'],
  ['canning', 'canning'],
  ['howe', 'howe'],
  ['proceed', 'proceed'],
  ['exceed', 'exceed'],
  ['succeed', 'succeed'],
]);

const MEASURE_ABOVE_0 = (stem: string) => measure(stem) > 0;
const MEASURE_ABOVE_1 = (stem: string) => measure(stem) > 1;

const STEP_1A: readonly Rule[] = [
  ['sses', 'ss'],
  ['ies', 'i'],
  ['ss', 'ss'],
  ['s', ''],
];

const STEP_2: readonly Rule[] = [
  ['ational', 'ate', MEASURE_ABOVE_0],
  ['tional', 'tion', MEASURE_ABOVE_0],
  ['enci', 'ence', MEASURE_ABOVE_0],
  ['anci', 'ance', MEASURE_ABOVE_0],
  ['izer', 'ize', MEASURE_ABOVE_0],
  ['bli', 'ble', MEASURE_ABOVE_0],
  ['alli', 'al', MEASURE_ABOVE_0],
  ['entli', 'ent', MEASURE_ABOVE_0],
  ['eli', 'e', MEASURE_ABOVE_0],
  ['ousli', 'ous', MEASURE_ABOVE_0],
  ['ization', 'ize', MEASURE_ABOVE_0],
  ['ation', 'ate', MEASURE_ABOVE_0],
  ['ator', 'ate', MEASURE_ABOVE_0],
  ['alism', 'al', MEASURE_ABOVE_0],
  ['iveness', 'ive', MEASURE_ABOVE_0],
  ['fulness', 'ful', MEASURE_ABOVE_0],
  ['ousness', 'ous', MEASURE_ABOVE_0],
  ['aliti', 'al', MEASURE_ABOVE_0],
  ['iviti', 'ive', MEASURE_ABOVE_0],
  ['biliti', 'ble', MEASURE_ABOVE_0],
  ['fulli', 'ful', MEASURE_ABOVE_0],
  // The l counts as part of the stem, so that "geologi" becomes "geolog" as "archaeologi" becomes "archaeolog".
  ['logi', 'log', (stem) => MEASURE_ABOVE_0(`${stem}l`)],
];

const STEP_3: readonly Rule[] = [
  ['icate', 'ic', MEASURE_ABOVE_0],
  ['ative', '', MEASURE_ABOVE_0],
  ['alize', 'al', MEASURE_ABOVE_0],
  ['iciti', 'ic', MEASURE_ABOVE_0],
  ['ical', 'ic', MEASURE_ABOVE_0],
  ['ful', '', MEASURE_ABOVE_0],
  ['ness', '', MEASURE_ABOVE_0],
];

const STEP_4: readonly Rule[] = [
  ...['al', 'ance', 'ence', 'er', 'ic', 'able', 'ible', 'ant', 'ement', 'ment', 'ent'].map(removedAboveMeasure1),
  ['ion', '', (stem) => MEASURE_ABOVE_1(stem) && /[st]$/.test(stem)],
  ...['ou', 'ism', 'ate', 'iti', 'ous', 'ive', 'ize'].map(removedAboveMeasure1),
];

function removedAboveMeasure1(suffix: string): Rule {
  return [suffix, '', MEASURE_ABOVE_1];
}

/** The stem of a lower-case word. */
export function porterStem(word: string): string {
  const irregular = IRREGULAR.get(word);
  if (irregular !== undefined) return irregular;
  if (word.length <= 2) return word;
  let stem = step1a(word);
  stem = step1b(stem);
  stem = step1c(stem);
  stem = step2(stem);
  stem = applyFirst(stem, STEP_3);
  stem = applyFirst(stem, STEP_4);
  stem = step5a(stem);
  return stem.endsWith('ll') && measure(stem.slice(0, -1)) > 1 ? stem.slice(0, -1) : stem;
}

function step1a(word: string): string {
  return word.length === 4 && word.endsWith('ies') ? word.slice(0, -1) : applyFirst(word, STEP_1A);
}

function step1b(word: string): string {
  if (word.endsWith('ied')) return word.slice(0, word.length === 4 ? -1 : -2);
  if (word.endsWith('eed')) return measure(word.slice(0, -3)) > 0 ? word.slice(0, -1) : word;
  const suffix = ['ed', 'ing'].find((ending) => word.endsWith(ending) && hasVowel(word.slice(0, -ending.length)));
  if (suffix === undefined) return word;
  const stem = word.slice(0, -suffix.length);
  if (/(at|bl|iz)$/.test(stem)) return `${stem}e`;
  if (endsInDoubleConsonant(stem)) return /[lsz]$/.test(stem) ? stem : stem.slice(0, -1);
  return measure(stem) === 1 && endsInShortSyllable(stem) ? `${stem}e` : stem;
}

/** "happy" becomes "happi", "enjoy" stays. */
function step1c(word: string): string {
  const stem = word.slice(0, -1);
  return word.endsWith('y') && stem.length > 1 && isConsonant(stem, stem.length - 1) ? `${stem}i` : word;
}

function step2(word: string): string {
  if (word.endsWith('alli') && measure(word.slice(0, -4)) > 0) return step2(word.slice(0, -2));
  return applyFirst(word, STEP_2);
}

function step5a(word: string): string {
  if (!word.endsWith('e')) return word;
  const stem = word.slice(0, -1);
  const m = measure(stem);
  return m > 1 || (m === 1 && !endsInShortSyllable(stem)) ? stem : word;
}

/** The first rule whose suffix fits decides, whether its condition holds or not. */
function applyFirst(word: string, rules: readonly Rule[]): string {
  const rule = rules.find(([suffix]) => word.endsWith(suffix));
  if (!rule) return word;
  const [suffix, replacement, condition] = rule;
  const stem = word.slice(0, word.length - suffix.length);
  return !condition || condition(stem) ? stem + replacement : word;
}

/** Whether each letter is a consonant: `y` is one at the start and after a vowel. */
function consonants(word: string): boolean[] {
  const flags: boolean[] = [];
  for (const letter of word) flags.push(letter === 'y' ? !(flags.at(-1) ?? false) : !'aeiou'.includes(letter));
  return flags;
}

function isConsonant(word: string, index: number): boolean {
  return consonants(word.slice(0, index + 1)).at(-1) ?? false;
}

function hasVowel(word: string): boolean {
  return consonants(word).includes(false);
}

/** m of [C](VC){m}[V]: how often a vowel is followed by a consonant. */
function measure(word: string): number {
  return consonants(word).reduce((m, flag, i, flags) => (flag && flags[i - 1] === false ? m + 1 : m), 0);
}

function endsInDoubleConsonant(word: string): boolean {
  return word.length >= 2 && word.at(-1) === word.at(-2) && isConsonant(word, word.length - 1);
}

/** Consonant, vowel, consonant other than w, x and y; or, of two letters, vowel and consonant. */
function endsInShortSyllable(word: string): boolean {
  const flags = consonants(word);
  if (word.length === 2) return flags[0] === false && flags[1] === true;
  const [before, vowel, after] = flags.slice(-3);
  return before === true && vowel === false && after === true && !/[wxy]$/.test(word);
}
