import type { TokenClass } from './example.ts';

/** Classes of tokens as bytes, for what is stored. New classes go to the end. */
const CLASSES: readonly TokenClass[] = ['bos', 'template', 'system', 'user', 'tool', 'assistant'];
const CODES = new Map(CLASSES.map((tokenClass, code) => [tokenClass, code]));

export const toCodes = (classes: readonly TokenClass[]): Uint8Array =>
  Uint8Array.from(classes, (tokenClass) => CODES.get(tokenClass) as number);

export const fromCodes = (codes: Uint8Array): TokenClass[] => Array.from(codes, (code) => CLASSES[code] as TokenClass);
