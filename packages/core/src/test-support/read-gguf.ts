import { readFile } from 'node:fs/promises';

/** What a GGUF file says of its tokenizer, by the keys after `tokenizer.ggml.`; lists are left out. */
export async function ggufTokenizer(file: string): Promise<Record<string, unknown>> {
  const bytes = await readFile(file);
  let at = 16;
  const take = (size: number): number => {
    at += size;
    return at - size;
  };
  const integer = () => Number(bytes.readBigUInt64LE(take(8)));
  const scalar = (type: number): unknown => {
    if (type === 7) return bytes[take(1)] === 1;
    if (type !== 8) return type === 6 ? bytes.readFloatLE(take(4)) : bytes.readInt32LE(take(4));
    const from = take(integer());
    return bytes.toString('utf8', from, at);
  };
  const values: [string, unknown][] = [];
  for (let left = integer(); left > 0; left--) {
    const key = String(scalar(8));
    const type = bytes.readUInt32LE(take(4));
    if (type !== 9) {
      values.push([key, scalar(type)]);
      continue;
    }
    const inner = bytes.readUInt32LE(take(4));
    for (let more = integer(); more > 0; more--) scalar(inner);
  }
  const prefix = 'tokenizer.ggml.';
  const own = values.filter(([key]) => key.startsWith(prefix));
  return Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), value]));
}
