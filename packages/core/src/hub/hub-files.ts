import { ADAPTER_WEIGHTS } from '../checkpoint/adapter/adapter-config.ts';
import { ADAPTER_CONFIG } from '../checkpoint/adapter/read-adapter-config.ts';
import { shardsIn, WEIGHTS, WEIGHTS_INDEX } from '../checkpoint/safetensors/open-weights.ts';
import { isTokenizerFile } from '../tokenizer/tokenizer-files.ts';

/**
 * What of a repository is needed: a model's config and tokenizer, all of it, an adapter with what tokenizer it has, or
 * certain files.
 */
export type Wanted = 'tokenizer' | 'model' | 'adapter' | { readonly files: readonly string[] };

const CONFIG = 'config.json';

/**
 * The files to fetch of those a repository has, shards apart: they are named in the index. Never a pickle. In this order:
 * where its config lies, no file of a model or adapter is missing that an interruption left out.
 */
export function filesWanted(names: readonly string[], wanted: Wanted): string[] {
  const present = (...some: string[]) => some.filter((name) => names.includes(name));
  if (typeof wanted === 'object') return present(...wanted.files);
  const tokenizer = names.filter(isTokenizerFile);
  if (wanted === 'adapter') return [...tokenizer, ...present(ADAPTER_WEIGHTS, ADAPTER_CONFIG)];
  const weights = present(WEIGHTS, WEIGHTS_INDEX).slice(0, wanted === 'model' ? 1 : 0);
  return [...tokenizer, ...present(CONFIG), ...weights];
}

/** What must be there for a cached copy to be whole, beside the shards. */
export const essentialFiles = (wanted: Wanted, hasIndex: boolean): string[] => {
  if (typeof wanted === 'object') return [...wanted.files];
  if (wanted === 'adapter') return [ADAPTER_WEIGHTS, ADAPTER_CONFIG];
  const tokenizer = [CONFIG, 'tokenizer.json'];
  return wanted === 'tokenizer' ? tokenizer : [...tokenizer, hasIndex ? WEIGHTS_INDEX : WEIGHTS];
};

export const shardNames = (index: string): string[] => [...new Set(shardsIn(index)?.values())];
