import { UserError } from '../../errors.ts';
import type { MetadataValue, NumberList } from './read-values.ts';

/** A file's metadata by kinds of values. Each throws {UserError} `model-invalid`, with the key, for a value of another kind. */
export interface Metadata {
  readonly file: string;
  readonly keys: readonly string[];
  number(key: string): number;
  numberOr<Other>(key: string, other: Other): number | Other;
  flagOr(key: string, other: boolean): boolean;
  text(key: string): string;
  textOr<Other>(key: string, other: Other): string | Other;
  texts(key: string): readonly string[];
  /** A list of numbers; undefined where there is none. */
  numbers(key: string): readonly number[] | undefined;
  /** @throws {UserError} `model-unsupported`, naming key and value */
  refuse(key: string, why: string): never;
}

export function metadataOf(values: ReadonlyMap<string, MetadataValue>, file: string): Metadata {
  const wrong = (key: string, expected: string): never => {
    throw new UserError({
      code: 'model-invalid',
      problem: `This GGUF file's "${key}" is ${values.has(key) ? `not ${expected}` : 'missing'}.`,
      where: file,
      fix: 'Copy or download the file again, or take another one of the model.',
    });
  };
  const orOther = <Value, Other>(key: string, other: Other, read: (key: string) => Value): Value | Other =>
    values.has(key) ? read(key) : other;
  const number = (key: string): number => {
    const value = values.get(key);
    return typeof value === 'number' && Number.isFinite(value) ? value : wrong(key, 'a number');
  };
  const text = (key: string): string => {
    const value = values.get(key);
    return typeof value === 'string' ? value : wrong(key, 'a text');
  };
  return {
    file,
    keys: [...values.keys()],
    number,
    numberOr: (key, other) => orOther(key, other, number),
    flagOr(key, other) {
      const value = values.get(key) ?? other;
      return typeof value === 'boolean' ? value : wrong(key, 'true or false');
    },
    text,
    textOr: (key, other) => orOther(key, other, text),
    texts(key) {
      const value = values.get(key);
      return isTexts(value) ? value : wrong(key, 'a list of texts');
    },
    numbers(key) {
      const value = values.get(key);
      if (value === undefined) return undefined;
      return isNumbers(value) ? Array.from(value) : wrong(key, 'a list of numbers');
    },
    refuse(key, why) {
      throw new UserError({
        code: 'model-unsupported',
        problem: `This GGUF file's "${key}" is not known here: ${why}`,
        where: file,
        fix: 'Take the model as a Hugging Face folder (config.json, model.safetensors, tokenizer.json), or choose another one.',
      });
    },
  };
}

// An empty list of texts has no type of its own.
const isTexts = (value: MetadataValue | undefined): value is readonly string[] => Array.isArray(value);
const isNumbers = (value: MetadataValue): value is Exclude<NumberList, BigInt64Array | BigUint64Array> =>
  ArrayBuffer.isView(value) && !(value instanceof BigInt64Array || value instanceof BigUint64Array);
