/**
 * Byte-level tokenizers write every byte as a character that can be seen: the printable ones of Latin-1 as they are, the
 * others as those from U+0100 on, in order. The table is GPT-2's (`bytes_to_unicode`).
 */
export const BYTE_CHARACTERS: readonly string[] = byteCharacters();

const BYTES = new Map(BYTE_CHARACTERS.map((character, byte) => [character.charCodeAt(0), byte]));
const utf8 = new TextEncoder();

function byteCharacters(): string[] {
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => {
    const isPrintable = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xff && byte !== 0xad);
    return String.fromCharCode(isPrintable ? byte : next++);
  });
}

/** The UTF-8 bytes of a text, each as its character. */
export function writeBytes(text: string): string {
  let written = '';
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) return writeManyBytes(text);
    written += BYTE_CHARACTERS[unit];
  }
  return written;
}

function writeManyBytes(text: string): string {
  let written = '';
  for (const byte of utf8.encode(text)) written += BYTE_CHARACTERS[byte];
  return written;
}

/** The bytes that the characters stand for; a text with any other character is no such text, and is its own UTF-8. */
export function readBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const byte = BYTES.get(text.charCodeAt(i));
    if (byte === undefined) return utf8.encode(text);
    bytes[i] = byte;
  }
  return bytes;
}
