import { bool, float32, type GgufValue, list, text, uint32 } from '../gguf/format/write-file.ts';

/** A value of a file's metadata, as it is read, to be written again. */
export function ggufValueOf(value: unknown): GgufValue {
  if (typeof value === 'string') return text(value);
  if (typeof value === 'boolean') return bool(value);
  if (typeof value === 'number') return Number.isInteger(value) ? uint32(value) : float32(value);
  if (Array.isArray(value)) return list('string', value);
  return list(value instanceof Float32Array ? 'float32' : 'int32', Array.from(value as Float32Array));
}
