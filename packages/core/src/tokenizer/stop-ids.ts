import type { Tokenizer } from './tokenizer.ts';

/**
 * The tokens at which an answer ends, in one place: generation stops at these, and what is saved or exported says them.
 * The first ends a completion in training: the end of a turn in the model's chat template, where that is used.
 */
export const stopIdsOf = ({ eosId, stopIds = [] }: Tokenizer): readonly number[] => [...new Set([eosId, ...stopIds])];

/** config.json or generation_config.json. */
interface ModelSettings {
  readonly eos_token_id?: unknown;
  readonly [field: string]: unknown;
}

/**
 * The settings with all of these among the ids that end an answer. Those that they name keep their order: where
 * tokenizer_config.json names no end of sequence, the first one is it.
 */
export function withStopIds(settings: ModelSettings, stopIds: readonly number[]): ModelSettings {
  const own = [settings.eos_token_id ?? []].flat();
  const missing = stopIds.filter((id) => !own.includes(id));
  if (missing.length === 0) return settings;
  const all = [...own, ...missing];
  return { ...settings, eos_token_id: all.length === 1 ? all[0] : all };
}
