import { writtenName } from '../exact-json.ts';
import { RowError } from '../recipe.ts';
import { isFields, kindOf, says } from './says.ts';

/** Types of parts that are text, and the field that has it. */
const texts: Readonly<Record<string, string>> = {
  text: 'text',
  input_text: 'text',
  output_text: 'text',
  refusal: 'refusal',
};

/**
 * What a message says: a text; parts of one, joined; null where it says that it says nothing.
 * @throws {RowError} naming a part that is no text: an image, a sound, a file
 */
export function readContent(content: unknown, field: string): string | null {
  if (content === undefined || content === null) return null;
  if (typeof content === 'string') return content;
  if (Array.isArray(content)) return content.map((part, i) => partText(part, `${field}.${i}`)).join('');
  throw new RowError(field, `"${field}" is ${kindOf(content)}: a content is a text, or a list of parts of type "text"`);
}

function partText(part: unknown, field: string): string {
  if (typeof part === 'string') return part;
  if (isFields(part)) {
    // Without a type where the field says it: `{ text: '…' }`.
    const { type = 'text' } = part;
    const text = part[texts[String(type)] ?? ''];
    if (typeof text === 'string') return text;
    if (texts[String(type)] === undefined) {
      throw new RowError(field, `"${field}" is a part of type ${JSON.stringify(type)}, and only text can be learnt`);
    }
  }
  throw new RowError(field, `"${field}" is no part of a content: a part is {"type": "text", "text": "…"}`);
}

/**
 * Refuses bytes, which a file of Parquet may hold anywhere, and no template writes.
 * @throws {RowError} naming the field
 */
export function refuseBytes(value: unknown, field: string): void {
  if (ArrayBuffer.isView(value)) {
    throw new RowError(field, `"${field}" is bytes, and a chat template writes texts, numbers, lists and objects`);
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) refuseBytes(inner, `${field}.${writtenName(name)}`);
}

const media = ['image', 'images', 'video', 'videos', 'audio', 'audios'];

/**
 * Refuses a row or a message that goes with pictures or sounds: without them it would say something else.
 * @throws {RowError} naming the field
 */
export function refuseMedia(fields: Readonly<Record<string, unknown>>, path: string): void {
  const found = media.find((name) => says(fields[name]));
  if (found === undefined) return;
  const field = `${path}${found}`;
  throw new RowError(field, `the row comes with "${field}", and only text can be learnt`);
}
