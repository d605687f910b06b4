import { createHash } from 'node:crypto';
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
  readonly folder: string;
  readonly training: TrainingOptions;
}

/** How texts become ids and back, and roles become text. */
export interface Words {
  readonly tokenizer: Tokenizer;
  /** The model's chat template, where it is used; undefined where roles become text in the recipe's plain layout. */
  readonly chat: ChatTemplate | undefined;
  /** The options with the format that `auto` became. */
  readonly training: TrainingOptions;
}

/** @param own the user's tokenizer, in place of the folder's */
export async function openWords({ folder, training: asked }: WordsPlace, own?: Tokenizer): Promise<Words> {
  const tokenizer = own ?? (await loadTokenizer(folder));
  const { chat, training } = await chooseFormat(folder, asked);
  return { tokenizer: chat ? chatTokenizer(tokenizer, chat, folder) : tokenizer, chat, training };
}

/** Files that decide what `openWords` gives. */
const WORDS_FILES =
  /^(tokenizer|special_tokens|added_tokens|chat_template|generation_config|config)[^/]*\.(json|jinja)$/;

/** Stands for everything that decides how these words become ids: files, format, day, and this program's version. */
export async function hashWords({ folder, training: { format, templateDate } }: WordsPlace): Promise<string> {
  const names = (await readdir(folder)).filter((name) => WORDS_FILES.test(name)).sort();
  const hash = createHash('sha256').update(JSON.stringify([version, format, templateDate ?? null]));
  for (const name of names) {
    const content = await readFile(join(folder, name));
    hash.update(`\n${name} ${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}
