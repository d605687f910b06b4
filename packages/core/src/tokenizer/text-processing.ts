import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { resolveChatTemplate } from '../task/resolve-chat-template.ts';
import type { TrainingOptions } from '../training/options.ts';
import { version } from '../version.ts';
import type { ChatTemplate } from './chat-template.ts';
import { chatTokenizer } from './chat-tokenizer.ts';
import { loadTokenizer } from './load-tokenizer.ts';
import { readSettingsOnce } from './read-settings.ts';
import type { Tokenizer } from './tokenizer.ts';
import { tokenizerFilesIn } from './tokenizer-files.ts';

/** Where a model's words come from: plain data, from which another thread opens the same. */
export interface TextProcessingSource {
  /** Holds tokenizer and chat template: the model's folder, or the adapter's where it brings its own. */
  readonly folder: string;
  readonly modelFolder: string;
  readonly training: TrainingOptions;
}

/** An adapter that was trained with another tokenizer than the model's has it beside it, as TRL and we save it. */
export const tokenizerFolder = (modelFolder: string, adapterFolder?: string): string =>
  adapterFolder !== undefined && existsSync(join(adapterFolder, 'tokenizer.json')) ? adapterFolder : modelFolder;

/** How texts become ids and back, and roles become text. */
export interface TextProcessing {
  readonly tokenizer: Tokenizer;
  /** The model's chat template, where it is used; undefined where roles become text in the recipe's plain layout. */
  readonly chat: ChatTemplate | undefined;
  /** The options with the format that `auto` became. */
  readonly training: TrainingOptions;
}

/** @param own the user's tokenizer, in place of the folder's */
export async function openTextProcessing(
  { folder, modelFolder, training: asked }: TextProcessingSource,
  own?: Tokenizer,
): Promise<TextProcessing> {
  const read = readSettingsOnce();
  const tokenizer = own ?? (await loadTokenizer(folder, { modelFolder, tokens: asked.addTokens, read }));
  const { eosId, stopIds = [], addedTokens = [] } = tokenizer;
  const stopTokens = addedTokens.filter(({ id }) => id === eosId || stopIds.includes(id)).map(({ content }) => content);
  const { chat, training } = await resolveChatTemplate(folder, asked, { read, stopTokens });
  return { tokenizer: chat ? chatTokenizer(tokenizer, chat, folder) : tokenizer, chat, training };
}

/** Stands for everything that decides how these words become ids: files, options, and this program's version. */
export async function hashTextProcessing({ folder, modelFolder, training }: TextProcessingSource): Promise<string> {
  const { format, templateDate = null, addTokens = [] } = training;
  const hash = createHash('sha256').update(JSON.stringify([version, format, templateDate, addTokens]));
  for (const place of new Set([folder, modelFolder])) {
    // The model's config may be the only place that names special tokens.
    const config = existsSync(join(place, 'config.json')) ? ['config.json'] : [];
    for (const name of [...config, ...(await tokenizerFilesIn(place))]) {
      const content = await readFile(join(place, name));
      hash.update(`\n${name} ${content.length}\n`).update(content);
    }
  }
  return hash.digest('hex');
}
