import { doubledKey } from './json-keys.ts';

/**
 * A value out of its JSON. What `JSON.parse`, like Python's `json`, takes without a word and would be trained on as something
 * else is refused: a field that stands twice, of which the first would be lost, and half a character (`"\ud83d"`), which no
 * tokenizer can read.
 * @throws {Error} with the reason
 */
export function parseStrictJson(text: string, parse: (text: string) => unknown): unknown {
  const value = parse(text);
  const doubled = doubledKey(text);
  if (doubled !== undefined) throw new Error(`the field ${JSON.stringify(doubled)} stands twice in it`);
  // Files are UTF-8, so only an escape can write half a character.
  if (/\\u[dD][89a-fA-F]/.test(text) && holdsHalfCharacter(value)) {
    throw new Error('a text in it has half a character: one \\ud800 to \\udfff without the other');
  }
  return value;
}

function holdsHalfCharacter(row: unknown): boolean {
  const waiting = [row];
  for (let i = 0; i < waiting.length; i++) {
    const value = waiting[i];
    if (typeof value === 'string' && /\p{Cs}/u.test(value)) return true;
    if (typeof value !== 'object' || value === null) continue;
    for (const [name, inner] of Object.entries(value)) waiting.push(name, inner);
  }
  return false;
}
