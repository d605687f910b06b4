/**
 * SentencePiece's compiled map of characters (`nmt_nfkc` and the like): a double array, whose leaves are places in a
 * text of zero-terminated replacements. Looked up as the Rust tokenizer does: a grapheme of fewer than six bytes as a
 * whole first, of which the shortest beginning with an entry decides, then character by character.
 * @throws {Error} for a map that ends early
 */
export function readCharacterMap(base64: string): (text: string) => string {
  const blob = Buffer.from(base64, 'base64');
  if (blob.length < 4) throw new Error('its character map is empty');
  const trieBytes = blob.readUInt32LE(0);
  if (trieBytes % 4 !== 0 || trieBytes + 4 > blob.length) throw new Error('its character map ends early');
  const units = Uint32Array.from({ length: trieBytes / 4 }, (_, i) => blob.readUInt32LE(4 + i * 4));
  const replacements = blob.subarray(4 + trieBytes);

  const lookUp = (text: string): string | undefined => {
    const at = shortestEntry(units, Buffer.from(text));
    if (at === undefined || at >= replacements.length) return undefined;
    const end = replacements.indexOf(0, at);
    return replacements.toString('utf8', at, end < 0 ? replacements.length : end);
  };
  const known = new Map<string, string>();
  const changed = (grapheme: string): string => {
    const whole = Buffer.byteLength(grapheme) < 6 ? lookUp(grapheme) : undefined;
    return whole ?? [...grapheme].map((character) => lookUp(character) ?? character).join('');
  };
  const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

  return (text) => {
    let result = '';
    for (const grapheme of graphemes(text, segmenter)) {
      let written = known.get(grapheme);
      if (written === undefined) {
        written = changed(grapheme);
        if (known.size < 2 ** 16) known.set(grapheme, written);
      }
      result += written;
    }
    return result;
  };
}

/** ASCII has one grapheme a character, but for the end of a line. */
function* graphemes(text: string, segmenter: Intl.Segmenter): Iterable<string> {
  if (!/[^\0-\x7f]/.test(text)) yield* text.match(/\r\n|./gs) ?? [];
  else for (const { segment } of segmenter.segment(text)) yield segment;
}

/** The value at the first leaf on the way of the bytes through the double array. */
function shortestEntry(units: Uint32Array, bytes: Uint8Array): number | undefined {
  let node = offsetOf(units[0] ?? 0);
  for (const byte of bytes) {
    if (byte === 0) return undefined;
    node ^= byte;
    const unit = units[node];
    if (unit === undefined || (unit & 0x800000ff) >>> 0 !== byte) return undefined;
    node ^= offsetOf(unit);
    if ((unit >>> 8) & 1) return (units[node] ?? 0) & 0x7fffffff;
  }
  return undefined;
}

const offsetOf = (unit: number): number => (unit >>> 10) << ((unit & (1 << 9)) >>> 6);
