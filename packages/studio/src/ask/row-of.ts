/** What a form says of a row: texts by field. */
export type Texts = Readonly<Record<string, string>>;

/**
 * A row out of a form's texts, without empty ones. A text is a text, whatever it looks like; where the recipe does not take it
 * so and it is JSON (a conversation, a list), it is what that says.
 * @param parseRow the recipe's; it throws where a row does not fit
 */
export function rowOf(texts: Texts, parseRow: (row: unknown) => unknown): Record<string, unknown> {
  const filled = Object.entries(texts).filter(([, text]) => text.trim() !== '');
  const row: Record<string, unknown> = Object.fromEntries(filled);
  if (fits(row, parseRow)) return row;
  const read = Object.fromEntries(filled.map(([field, text]) => [field, parsed(text)]));
  return fits(read, parseRow) ? read : row;
}

function fits(row: unknown, parseRow: (row: unknown) => unknown): boolean {
  try {
    parseRow(row);
    return true;
  } catch {
    return false;
  }
}

function parsed(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
