import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chooseFormat } from './choose-format.ts';
import type { ChatTemplate } from './tokenizer/chat-template.ts';
import { chatTokenizer } from './tokenizer/chat-tokenizer.ts';
import { loadTokenizer } from './tokenizer/load-tokenizer.ts';
import type { Tokenizer } from './tokenizer/tokenizer.ts';
import type { TrainingOptions } from './training/options.ts';
import { version } from './version.ts';

/** Where a model's words come from: plain data, from which another thread opens the same. */
export interface WordsPlace {
  /** Holds tokenizer and chat template: the model's folder, or the adapter's where it brings its own. */
  readonly folder: string;
  readonly modelFolder: string;
  readonly training: TrainingOptions;
}

/** An adapter that was trained with another tokenizer than the model's has it beside it, as TRL and we save it. */
export const wordsFolder = (modelFolder: string, adapterFolder?: string): string =>
  adapterFolder !== undefined && existsSync(join(adapterFolder, 'tokenizer.json')) ? adapterFolder : modelFolder;

/** How texts become ids and back, and roles become text. */
export interface Words {
  readonly tokenizer: Tokenizer;
  /** The model's chat template, where it is used; undefined where roles become text in the recipe's plain layout. */
  readonly chat: ChatTemplate | undefined;
  /** The options with the format that `auto` became. */
  readonly training: TrainingOptions;
}

/** @param own the user's tokenizer, in place of the folder's */
export async function openWords({ folder, modelFolder, training: asked }: WordsPlace, own?: Tokenizer): Promise<Words> {
  const tokenizer = own ?? (await loadTokenizer(folder, { modelFolder, tokens: asked.addTokens }));
  const { chat, training } = await chooseFormat(folder, asked);
  return { tokenizer: chat ? chatTokenizer(tokenizer, chat, folder) : tokenizer, chat, training };
}

/** Files that decide what `openWords` gives. */
const WORDS_FILES =
  /^(tokenizer|special_tokens|added_tokens|chat_template|generation_config|config)[^/]*\.(json|jinja)$/;

/** Stands for everything that decides how these words become ids: files, options, and this program's version. */
export async function hashWords({ folder, modelFolder, training }: WordsPlace): Promise<string> {
  const { format, templateDate = null, addTokens = [] } = training;
  const hash = createHash('sha256').update(JSON.stringify([version, format, templateDate, addTokens]));
  for (const place of new Set([folder, modelFolder])) {
    const names = (await readdir(place)).filter((name) => WORDS_FILES.test(name)).sort();
    for (const name of names) {
      const content = await readFile(join(place, name));
      hash.update(`\n${name} ${content.length}\n`).update(content);
    }
  }
  return hash.digest('hex');
}
