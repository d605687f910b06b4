import { shardsIn, WEIGHTS, WEIGHTS_INDEX } from '../checkpoint/safetensors/open-weights.ts';
import { isTokenizerFile } from '../tokenizer/tokenizer-files.ts';

/** What of a repository is needed: a model's words (config and tokenizer), all of it, or an adapter with what words it has. */
export type Wanted = 'words' | 'model' | 'adapter';

const CONFIG = 'config.json';
const ADAPTER_CONFIG = 'adapter_config.json';
const ADAPTER_WEIGHTS = 'adapter_model.safetensors';

/**
 * The files to fetch of those a repository has, shards apart: they are named in the index. Never a pickle. In this order:
 * where its config lies, no word of a model or adapter is missing that an interruption left out.
 */
export function filesWanted(names: readonly string[], wanted: Wanted): string[] {
  const present = (...some: string[]) => some.filter((name) => names.includes(name));
  const words = names.filter(isTokenizerFile);
  if (wanted === 'adapter') return [...words, ...present(ADAPTER_WEIGHTS, ADAPTER_CONFIG)];
  const weights = present(WEIGHTS, WEIGHTS_INDEX).slice(0, wanted === 'model' ? 1 : 0);
  return [...words, ...present(CONFIG), ...weights];
}

/** What must be there for a cached copy to be whole, beside the shards. */
export const essentialFiles = (wanted: Wanted, hasIndex: boolean): string[] => {
  if (wanted === 'adapter') return [ADAPTER_WEIGHTS, ADAPTER_CONFIG];
  const words = [CONFIG, 'tokenizer.json'];
  return wanted === 'words' ? words : [...words, hasIndex ? WEIGHTS_INDEX : WEIGHTS];
};

export const shardNames = (index: string): string[] => [...new Set(shardsIn(index)?.values())];
