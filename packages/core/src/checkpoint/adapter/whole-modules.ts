import { UserError } from '../../errors.ts';
import type { DecoderConfig } from '../../model/config.ts';
import type { BaseParameter } from '../../model/parameters/parameter-table.ts';

/**
 * Modules that are trained whole beside an adapter, and saved with it: PEFT's `modules_to_save`. As in PEFT, a name
 * stands for every module whose own name ends with it.
 */

const moduleName = (tensor: string) => tensor.replace(/\.(weight|bias)$/, '');

/** The modules that hold a row for every token. */
export const vocabularyModules = ({ embedding, head, tiedEmbeddings }: DecoderConfig): string[] =>
  (tiedEmbeddings ? [embedding.name] : [embedding.name, head]).map(moduleName);

/** Modules that are trained whole. New tokens mean nothing to a frozen table: with some the tables are among them. */
export const modulesToTrain = (
  { modulesToSave = [], vocabulary }: { modulesToSave?: readonly string[] | undefined; vocabulary: object | undefined },
  config: DecoderConfig,
): readonly string[] => (vocabulary ? [...modulesToSave, ...vocabularyModules(config)] : modulesToSave);

/**
 * The parameters of the chosen modules. In a model with tied embeddings the head is the embedding table.
 * @throws {UserError} `option-invalid` for a module the model does not have, or that cannot be trained by itself
 */
export function wholeParameters(
  { base, config }: { readonly base: readonly BaseParameter[]; readonly config: DecoderConfig },
  modules: readonly string[],
): BaseParameter[] {
  const { tiedEmbeddings, embedding, head } = config;
  const wanted = modules.map((name) =>
    tiedEmbeddings && name === moduleName(head) ? moduleName(embedding.name) : name,
  );
  const lone = base.filter(({ stored }) => stored.length === 1);
  const belongs = (name: string, module: string) => moduleName(name).endsWith(module);
  const unknown = wanted.filter((module) => !lone.some(({ name }) => belongs(name, module)));
  if (unknown.length > 0) {
    throw new UserError({
      code: 'option-invalid',
      problem: `The model has no module called ${unknown.join(', ')} that could be trained whole.`,
      where: 'option modulesToSave',
      fix: `Choose among ${[...new Set(lone.map(({ name }) => moduleName(name).split('.').at(-1)))].join(', ')}.`,
    });
  }
  return lone.filter(({ name }) => wanted.some((module) => belongs(name, module)));
}

/**
 * The checkpoint's names under which a parameter is saved. The table of tied embeddings is saved under both of its
 * names: PEFT gives each module a copy of its own.
 */
export function namesToSave({ stored }: BaseParameter, config: DecoderConfig): string[] {
  const names = stored.map(({ name }) => name);
  return config.tiedEmbeddings && names.includes(config.embedding.name) ? [...names, config.head] : names;
}

export const modulesOf = (tensors: readonly string[]): string[] => [...new Set(tensors.map(moduleName))];
