import { asksForPhone, isNamedOtherwise } from './number-labels.ts';

/**
 * Phone numbers by the way they are written, so that order numbers, dates, prices and versions stay what they are:
 *
 * - international: `+`, a country's code, 8 to 15 digits in all (ITU-T E.164), or `00` for the plus when the digits
 *   stand in groups: "+49 30 1234567", "0044 20 7946 0958";
 * - North American: an area code of three digits from 2 on, then 3 and 4, with one kind of separator or the area code
 *   in brackets, an extension after it: "(977) 625-2661", "1-800-555-0199 ext. 12";
 * - national with the trunk prefix 0: a group of two to five digits that begins with 0, then groups of two digits or
 *   more with one kind of separator, 9 to 12 digits in all: "020 7946 0958", "01.23.45.67.89", "089/123 456";
 * - 7 to 12 digits in one run or in two groups only where the words before ask for a phone number: "call me on 6252661".
 *
 * A number that the words right before it name as something else ("order 212-555-0134", "version 204.301.1000") stays,
 * unless it is international or has its area code in brackets.
 */
const COUNTRY =
  '(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|2[1-69]\\d|3[578]\\d|42\\d|5[09]\\d|6[789]\\d|8[0578]\\d|9[679]\\d)';
const EXTENSION = '(?:,? ?(?:x|ext\\.?|extension) ?\\d{1,5})?';
const SEPARATED_GROUPS = '(?:[ .\\-/]{0,2}\\(?\\d{1,12}\\)?){1,7}';

const BEFORE = '(?<![\\p{L}\\p{N}_=#€$£¥+]|\\d[.,:/-]|[€$£¥] |[\\p{L}\\p{N}][-/])';
const AFTER = '(?![\\p{L}\\p{N}_%€$£]|[.,:/-]\\d| ?(?:[€$£%]|EUR|USD|GBP)(?![\\p{L}\\p{N}]))';

type Form = 'international' | 'north-american' | 'bracketed' | 'trunk' | 'bare';

const FORMS: readonly (readonly [Form, string])[] = [
  ['international', `\\+ ?${COUNTRY}${SEPARATED_GROUPS}${EXTENSION}`],
  ['international', `00${COUNTRY}(?:[ .\\-/]\\(?\\d{1,12}\\)?){1,7}${EXTENSION}`],
  ['bracketed', `(?:1[-. ])?\\([2-9]\\d{2}\\)[-. ]?\\d{3}[-. ]\\d{4}${EXTENSION}`],
  ['bracketed', '\\(0\\d{1,5}\\)(?:[ -]?\\d{2,9}){1,4}'],
  ['north-american', `(?:1(?:[-. ]))?[2-9]\\d{2}(?:-\\d{3}-|\\.\\d{3}\\.| \\d{3} | \\d{3}-)\\d{4}${EXTENSION}`],
  ['trunk', '0\\d{1,4}[ ./-]\\d{2,8}(?:(?: \\d{2,8})+|(?:-\\d{2,8})+|(?:\\.\\d{2,8})+|(?:/\\d{2,8})+)?'],
  ['bare', '\\d{3,6}[ -]?\\d{4,9}'],
];

const CANDIDATE = new RegExp(`(?:${BEFORE})(?:${FORMS.map(([, form]) => `(${form})`).join('|')})${AFTER}`, 'giu');

export function maskPhoneNumbers(text: string, mask: string): { text: string; count: number } {
  let count = 0;
  const masked = text.replace(CANDIDATE, (found: string, ...rest: unknown[]) => {
    const form = FORMS[rest.slice(0, FORMS.length).findIndex((group) => group !== undefined)]?.[0] ?? 'bare';
    if (!isPhoneNumber(form, found, text.slice(0, rest[FORMS.length] as number))) return found;
    count += 1;
    return mask;
  });
  return { text: masked, count };
}

function isPhoneNumber(form: Form, found: string, before: string): boolean {
  const digits = found.replace(/[a-z].*$/i, '').replace(/\D/g, '').length;
  if (form === 'international') return digits >= 8 && digits <= 17;
  if (form === 'bracketed') return digits >= 8 && digits <= 12;
  if (isNamedOtherwise(before)) return false;
  if (form === 'north-american') return true;
  if (form === 'trunk') return digits >= 9 && digits <= 12 && !isDateOrPostcode(found);
  return digits >= 7 && digits <= 12 && asksForPhone(before);
}

/** "05/06/2024 1030", and the ZIP+4 code "02139-4307". */
function isDateOrPostcode(found: string): boolean {
  return /^\d{2}[ ./-]\d{2}[ ./-](?:19|20)\d{2}(?!\d)/.test(found) || /^\d{5}-\d{4}$/.test(found);
}
