/** Abbreviations whose dot ends no sentence, in lower case. */
const ABBREVIATIONS = new Set(
  (
    'mr mrs ms dr prof st no nos vs etc approx e.g i.e cf al fig inc ltd co corp dept est tel ext ref incl excl ' +
    'a.m p.m u.s u.k jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun min max'
  ).split(' '),
);

/** What may follow the dot of one of these, so that the sentence goes on: nothing but a digit or a small letter. */
const ENDS_OFTEN = new Set(['etc', 'a.m', 'p.m', 'u.s', 'u.k', 'inc', 'ltd', 'co', 'corp']);

/**
 * A text cut into sentences. A sentence ends with a line break; with `.`, `!`, `?` or `…`, closing quotes and brackets
 * included, before white space and something that can begin a sentence (no small letter); and with `。`, `！` or `？`.
 * The dot of an abbreviation ("Dr.", "no. 7"), of an initial ("J. Smith") and of a numbered item ("1. Call") ends none.
 */
export function sentencesOf(text: string): string[] {
  return text
    .split(/\n+/)
    .flatMap(sentencesOfLine)
    .map((sentence) => sentence.trim())
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));
}

/** Whether the output is one sentence, no less and no more. A closing full stop is not asked for. */
export function isOneSentence(output: string): boolean {
  return sentencesOf(output).length === 1;
}

function sentencesOfLine(line: string): string[] {
  const sentences: string[] = [];
  let start = 0;
  for (const match of line.matchAll(/[.!?…]+["'”’»)\]]*(?=\s)|[。！？]+["'”’»）」]*/gu)) {
    const end = match.index + match[0].length;
    if (!endsSentence(line.slice(start, match.index), match[0], line.slice(end))) continue;
    sentences.push(line.slice(start, end));
    start = end;
  }
  sentences.push(line.slice(start));
  return sentences;
}

function endsSentence(before: string, mark: string, after: string): boolean {
  if (/^[。！？]/u.test(mark)) return true;
  if (/^\s*\p{Ll}/u.test(after)) return false;
  if (!mark.startsWith('.') || mark.startsWith('..')) return true;
  const word = /[\p{L}\p{N}.]*$/u.exec(before)?.[0] ?? '';
  if (/^\p{Lu}$/u.test(word) && word !== 'I') return false;
  if (/^\d{1,2}$/.test(word) && before.trim() === word) return false;
  const abbreviation = word.toLowerCase();
  if (!ABBREVIATIONS.has(abbreviation)) return true;
  return ENDS_OFTEN.has(abbreviation) && /^\s+\p{Lu}/u.test(after);
}
