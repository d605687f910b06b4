import { withAdaptersVocabulary } from '../checkpoint/adapter/adapted-vocabulary.ts';
import { openAdapter } from '../checkpoint/adapter/open-adapter.ts';
import { readConfig } from '../checkpoint/pretrained/read-config.ts';
import type { Vocabulary } from '../checkpoint/pretrained/resize-vocabulary.ts';
import { UserError } from '../errors.ts';
import type { DecoderConfig } from '../model/config.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { TrainingOptions } from '../training/options.ts';

interface Place {
  /** Holds the tokenizer, unless the user gave one. */
  readonly folder: string;
  readonly modelFolder: string;
  readonly adapter: { readonly folder: string } | undefined;
  /** With all tokens. */
  readonly tokenizer: Tokenizer;
  readonly training: TrainingOptions;
}

/**
 * The model's config with as many tokens as it is going to have: the checkpoint's, those of tables that an adapter brings,
 * or more, where tokens are added. `vocabulary` says which ones are new, if any are.
 * @throws {UserError} `tokenizer-mismatch` when the tokenizer has more tokens than that
 */
export async function resolveVocabulary(
  { tokenizer: own }: { readonly tokenizer?: Tokenizer | undefined },
  { folder, modelFolder, adapter, tokenizer, training }: Place,
): Promise<{ config: DecoderConfig; vocabulary: Vocabulary | undefined }> {
  const stored = await readConfig(modelFolder);
  const config = adapter ? await withAdaptersTables(stored, adapter.folder) : stored;
  const size = tokenizer.vocabularySize;
  const wanted = training.addTokens?.length ? training.addTokens : undefined;
  const known = tokenizer.knownSize ?? size;
  if (wanted && own) throw cannotAdd('A tokenizer of your own brings its tokens along.', 'Add them to it instead.');
  if (known > config.vocabularySize) {
    throw new UserError({
      code: 'tokenizer-mismatch',
      problem: `The tokenizer has ${known} tokens, but the model only ${config.vocabularySize}.`,
      where: folder,
      fix: 'Use the tokenizer.json that was saved with the model.',
    });
  }
  if (known === size) return { config, vocabulary: undefined };
  if (adapter) {
    throw cannotAdd(
      'An adapter that is trained further cannot get new tokens.',
      'Leave the option out, or merge the adapter first: counterweight export --to merged.',
    );
  }
  return {
    config: { ...config, vocabularySize: Math.max(size, config.vocabularySize) },
    vocabulary: { known, size },
  };
}

async function withAdaptersTables(config: DecoderConfig, folder: string): Promise<DecoderConfig> {
  const adapter = await openAdapter(folder);
  try {
    return await withAdaptersVocabulary(config, adapter);
  } finally {
    await adapter.close();
  }
}

const cannotAdd = (problem: string, fix: string) =>
  new UserError({ code: 'option-invalid', problem, where: 'option addTokens', fix });
