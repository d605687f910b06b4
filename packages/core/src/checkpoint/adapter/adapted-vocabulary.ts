import { UserError } from '../../errors.ts';
import type { DecoderConfig } from '../../model/config.ts';
import type { StoredAdapter } from './open-adapter.ts';

/**
 * The model's config with the tables of the vocabulary as they are with an adapter on it: as many rows as those that the
 * adapter brings, and apart where it brings only one of two tied ones, or two that differ. In PEFT a module that is
 * trained whole is a copy of its own, whether the embeddings are tied or not.
 */
export async function withAdaptersVocabulary(config: DecoderConfig, adapter: StoredAdapter): Promise<DecoderConfig> {
  const { embedding, head, tiedEmbeddings, vocabularySize } = config;
  const shape = adapter.wholeTensors.get(embedding.name) ?? adapter.wholeTensors.get(head);
  if (!shape) return config;
  return {
    ...config,
    vocabularySize: shape[0] ?? vocabularySize,
    tiedEmbeddings: tiedEmbeddings && (await adapter.haveEqual(embedding.name, head)),
  };
}

/** An adapter of another model: `part` is what this one does not have. */
export const notOfThisModel = (adapter: StoredAdapter, part: string): UserError =>
  new UserError({
    code: 'model-invalid',
    problem: `The adapter is for a model that has ${part}; this one does not.`,
    where: adapter.folder,
    fix: 'Use the adapter with the model it was trained on.',
  });
