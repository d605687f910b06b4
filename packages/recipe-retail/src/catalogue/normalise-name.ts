/**
 * A name without what people write differently: case, accents, punctuation, white space. "FRZN MEAT/MEAT DINNERS" and
 * "frzn meat - meat dinners" become one. Unicode NFKD, marks taken off, lower case, all but letters, digits, `%` and `+`
 * made one space.
 */
export function normaliseName(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number}%+]+/gu, ' ')
    .trim();
}
