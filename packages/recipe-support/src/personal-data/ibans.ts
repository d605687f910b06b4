const CANDIDATE = /(?<![\p{L}\p{N}])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![\p{L}\p{N}])/gu;

/**
 * A text in stretches: those that are an international bank account number (ISO 13616, check digits right), and those
 * between them. An account number's groups look like a card's, and are not one.
 */
export function splitAtIbans(text: string): { readonly text: string; readonly iban: boolean }[] {
  const parts: { text: string; iban: boolean }[] = [];
  let end = 0;
  for (const match of text.matchAll(CANDIDATE)) {
    if (!isIban(match[0])) continue;
    parts.push({ text: text.slice(end, match.index), iban: false }, { text: match[0], iban: true });
    end = match.index + match[0].length;
  }
  return [...parts, { text: text.slice(end), iban: false }];
}

/** ISO 7064 MOD 97-10: the first four characters put last and letters made numbers from 10 on, the remainder is 1. */
export function isIban(written: string): boolean {
  const characters = written.replaceAll(' ', '');
  if (characters.length < 15 || characters.length > 34) return false;
  let remainder = 0;
  for (const character of characters.slice(4) + characters.slice(0, 4)) {
    for (const digit of Number.parseInt(character, 36).toString()) remainder = (remainder * 10 + Number(digit)) % 97;
  }
  return remainder === 1;
}
