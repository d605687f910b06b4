export type { ConformanceCheck, ConformanceOptions } from './conformance.ts';
export { recipeConformance } from './conformance.ts';
export type { TinyTokenizerOptions } from './tiny-tokenizer.ts';
export { tinyTokenizer } from './tiny-tokenizer.ts';
