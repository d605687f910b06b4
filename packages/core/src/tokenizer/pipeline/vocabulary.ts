/** A vocabulary by tokens and by ids. @throws {Error} where it is a list, which only Unigram's is */
export function readVocabulary(vocab: Readonly<Record<string, number>> | readonly unknown[]) {
  if (Array.isArray(vocab)) throw new Error('its vocabulary is a list, and should be tokens with their ids');
  const ids = new Map<string, number>(Object.entries(vocab as Record<string, number>));
  const tokens: (string | undefined)[] = [];
  for (const [token, id] of ids) tokens[id] = token;
  return { ids, tokens };
}

/** The ids of the tokens for single bytes, `<0x00>` to `<0xFF>`; -1 for one that is missing. */
export function byteTokenIds(idOf: (token: string) => number | undefined): Int32Array {
  const name = (byte: number) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`;
  return Int32Array.from({ length: 256 }, (_, byte) => idOf(name(byte)) ?? -1);
}
