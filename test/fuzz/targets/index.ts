import { adapterTarget, configTarget } from './configs.ts';
import { ggufContentTarget, ggufTarget } from './gguf.ts';
import { csvTarget, jsonLinesTarget, jsonTarget, parquetTarget } from './rows.ts';
import { safetensorsTarget } from './safetensors.ts';
import type { Target } from './target.ts';
import { templateTarget } from './template.ts';
import { tokenizerTarget } from './tokenizer.ts';

/** Every reader. */
export const targets: readonly Target[] = [
  ...[safetensorsTarget, ggufTarget, ggufContentTarget, adapterTarget, configTarget, tokenizerTarget, templateTarget],
  ...[jsonLinesTarget, jsonTarget, csvTarget, parquetTarget],
];
