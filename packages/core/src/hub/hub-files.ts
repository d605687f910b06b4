import { shardsIn, WEIGHTS, WEIGHTS_INDEX } from '../checkpoint/safetensors/open-weights.ts';

/** What of a model is needed: its words (config and tokenizer), all of it, or an adapter. */
export type Wanted = 'words' | 'model' | 'adapter';

const WORDS =
  /^(config|generation_config|tokenizer.*|special_tokens_map|added_tokens|vocab|merges|chat_template)\.(json|jinja|txt|model)$/;
const CONFIG = 'config.json';
const ADAPTER = ['adapter_config.json', 'adapter_model.safetensors'];

/**
 * The files to fetch of those a repository has, shards apart: they are named in the index. Never a pickle. In this order:
 * where config.json lies, no word of the model is missing that an interruption left out.
 */
export function filesWanted(names: readonly string[], wanted: Wanted): string[] {
  if (wanted === 'adapter') return names.filter((name) => ADAPTER.includes(name));
  const last = (name: string) => Number(name === CONFIG);
  const words = names.filter((name) => WORDS.test(name)).sort((a, b) => last(a) - last(b));
  const weights = [WEIGHTS, WEIGHTS_INDEX].find((name) => names.includes(name));
  return wanted === 'model' && weights ? [...words, weights] : words;
}

/** What must be there for a cached copy to be whole, beside the shards. */
export const essentialFiles = (wanted: Wanted, hasIndex: boolean): string[] => {
  if (wanted === 'adapter') return ADAPTER;
  const words = [CONFIG, 'tokenizer.json'];
  return wanted === 'words' ? words : [...words, hasIndex ? WEIGHTS_INDEX : WEIGHTS];
};

export const shardNames = (index: string): string[] => [...new Set(shardsIn(index)?.values())];
