import { charactersOf } from './code-points.ts';

/** Letters whose form at the beginning of a title is neither large nor small. */
const TITLES: ReadonlyMap<string, string> = new Map(
  ['ǅ', 'ǈ', 'ǋ', 'ǲ'].flatMap((title) =>
    [title.toLowerCase(), title, title.toUpperCase()].map((form) => [form, title] as const),
  ),
);

/** A character as it begins a title: `ß` becomes `Ss`. */
export function titleOf(character: string): string {
  const title = TITLES.get(character);
  if (title !== undefined) return title;
  // Letters of Greek with an iota below keep it below; Georgian has no titles.
  if (/[\u1f80-\u1fff]/.test(character)) return titleOfGreek(character);
  if (/[\u10d0-\u10ff]/.test(character)) return character;
  const [first = '', ...rest] = character.toUpperCase();
  return first + rest.join('').toLowerCase();
}

function titleOfGreek(character: string): string {
  const [first = '', ...rest] = character.toUpperCase();
  if (rest.at(-1) !== 'Ι') return first + rest.join('');
  const plain = character.normalize('NFD').replaceAll('\u0345', '');
  const composed = `${plain.toUpperCase()}\u0345`.normalize('NFC');
  return [...composed].length === 1 ? composed : `${[...character.toUpperCase()].slice(0, -1).join('')}\u0345`;
}

export const capitalize = (text: string): string => {
  const [first = '', ...rest] = charactersOf(text);
  // The last sigma of a word is written otherwise, so that the rest is made small together with what stands before it.
  const small = text.toLowerCase();
  return titleOf(first) + (rest.length === 0 ? '' : small.slice(first.toLowerCase().length));
};

const CASED = /[\p{Lowercase}\p{Uppercase}\p{Lt}]/u;

/** Python's `title`: a letter after what is none is large, the others are small. */
export function titleCase(text: string): string {
  const small = charactersOf(text);
  const lowered = text.toLowerCase();
  let place = 0;
  let inWord = false;
  let result = '';
  for (const character of small) {
    const { length } = character.toLowerCase();
    result += inWord ? lowered.slice(place, place + length) : titleOf(character);
    place += length;
    inWord = CASED.test(character);
  }
  return result;
}

export function swapCase(text: string): string {
  let result = '';
  for (const character of text) {
    if (/\p{Uppercase}/u.test(character)) result += character.toLowerCase();
    else result += /\p{Lowercase}/u.test(character) ? character.toUpperCase() : character;
  }
  return result;
}

/** Whether there are letters, and they are all of that case. */
export const isLower = (text: string): boolean => /\p{Lowercase}/u.test(text) && !/[\p{Uppercase}\p{Lt}]/u.test(text);
export const isUpper = (text: string): boolean => /\p{Uppercase}/u.test(text) && !/[\p{Lowercase}\p{Lt}]/u.test(text);

export function isTitle(text: string): boolean {
  let isAfterCased = false;
  let any = false;
  for (const character of text) {
    const isLarge = /[\p{Uppercase}\p{Lt}]/u.test(character);
    if (isLarge ? isAfterCased : /\p{Lowercase}/u.test(character) && !isAfterCased) return false;
    isAfterCased = CASED.test(character);
    any ||= isAfterCased;
  }
  return any;
}

const DIGIT =
  '\\p{Nd}\\u00b2\\u00b3\\u00b9\\u1369-\\u1371\\u19da\\u2070\\u2074-\\u2079\\u2080-\\u2089\\u2460-\\u2468\\u2474-\\u247c\\u2488-\\u2490\\u24ea\\u24f5-\\u24fd\\u24ff\\u2776-\\u277e\\u2780-\\u2788\\u278a-\\u2792\\u{10a40}-\\u{10a43}\\u{10e60}-\\u{10e68}\\u{11052}-\\u{1105a}\\u{1f100}-\\u{1f10a}';
/** Chinese numerals are letters that stand for numbers. */
const NUMERALS =
  '\\u3405\\u3483\\u382a\\u3b4d\\u4e00\\u4e03\\u4e07\\u4e09\\u4e24\\u4e5d\\u4e8c\\u4e94\\u4e96\\u4eac\\u4ebf\\u4ec0\\u4edf\\u4ee8\\u4f0d\\u4f70\\u4fe9\\u5006\\u5104\\u5146\\u5169\\u516b\\u516d\\u5341\\u5343\\u5344\\u5345\\u534c\\u53c1-\\u53c4\\u56db\\u58f1\\u58f9\\u5e7a\\u5efe\\u5eff\\u5f0c-\\u5f0e\\u5f10\\u62d0\\u62fe\\u634c\\u67d2\\u6d1e\\u6f06\\u7396\\u767e\\u7695\\u79ed\\u8086\\u842c\\u8cae\\u8cb3\\u8d30\\u920e\\u94a9\\u9621\\u9646\\u964c\\u9678\\u96f6\\uf96b\\uf973\\uf978\\uf9b2\\uf9d1\\uf9d3\\uf9fd';

const whole = (inside: string) => new RegExp(`^[${inside}]+$`, 'u');
/** Python's questions to a text; all are false for the empty one. */
export const QUESTIONS: Readonly<Record<string, (text: string) => boolean>> = {
  isalpha: test(whole('\\p{L}')),
  isdecimal: test(whole('\\p{Nd}')),
  isdigit: test(whole(DIGIT)),
  isnumeric: test(whole(`\\p{N}${NUMERALS}`)),
  isalnum: test(whole('\\p{L}\\p{N}')),
  isidentifier: test(/^[\p{XID_Start}_]\p{XID_Continue}*$/u),
  isascii: (text) => !/[^\0-\x7f]/.test(text),
  isprintable: (text) => !/[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u.test(text),
  islower: isLower,
  isupper: isUpper,
  istitle: isTitle,
};

function test(pattern: RegExp): (text: string) => boolean {
  return (text) => pattern.test(text);
}
