import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { readTextFile } from '../files/read-text-file.ts';
import { type ChatTemplate, compileChatTemplate } from './chat-template.ts';
import { readSettings, type SettingsReader } from './read-settings.ts';
import { templateFile } from './tokenizer-files.ts';
import { type AddedToken, tokenizerConfigSchema, tokenizerJsonSchema } from './tokenizer-json.ts';

const named = z.array(z.looseObject({ name: z.string(), template: z.string() }));
const templateSchema = z.looseObject({ chat_template: z.union([z.string(), named]).nullish() });
const configSchema = tokenizerConfigSchema.extend(templateSchema.shape);

/** The default template of a model, and the one for conversations with tools where it has two. */
export interface ChatTemplateSources {
  readonly source: string;
  readonly toolSource?: string | undefined;
  readonly file: string;
}

export interface LoadChatTemplateOptions {
  /** What templates are told that ask for the day. */
  readonly date: Date;
  /** Literals of the tokens at which the model stops by its own settings, beside the tokenizer's `eos_token`. */
  readonly stopTokens?: readonly string[] | undefined;
  readonly read?: SettingsReader | undefined;
}

/**
 * Reads the chat template of a Hugging Face model folder: `chat_template.jinja`, or `chat_template` (one, or several
 * with names) in `tokenizer_config.json` or `chat_template.json`.
 * @returns undefined for a model without one
 * @throws {UserError} `template-invalid` for a template that is not Jinja
 */
export async function loadChatTemplate(
  folder: string,
  { date, stopTokens, read = readSettings }: LoadChatTemplateOptions,
): Promise<ChatTemplate | undefined> {
  const sources = await chatTemplateSources(folder, read);
  if (!sources) return undefined;
  const config = (await read(folder, 'tokenizer_config.json', configSchema)) ?? {};
  const json = await read(folder, 'tokenizer.json', tokenizerJsonSchema);
  const map = (await read(folder, 'special_tokens_map.json', tokenizerConfigSchema)) ?? {};
  const tokens = { ...namedTokens(map), ...namedTokens(config) };
  const literals = (which: (token: AddedToken) => boolean) =>
    json?.added_tokens.filter(which).map((token) => token.content) ?? [];
  const specialTokens = [...new Set([...Object.values(tokens), ...literals(({ special }) => special === true)])];
  const otherTokens = literals(({ special }) => special !== true);
  const greedyTokens = literals(({ rstrip }) => rstrip === true);
  try {
    return compileChatTemplate({ ...sources, tokens, specialTokens, otherTokens, stopTokens, greedyTokens, date });
  } catch (cause) {
    throw new UserError({
      code: 'template-invalid',
      problem: `The model's chat template can't be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      where: sources.file,
      fix: 'Copy the file anew from where the model comes from, or leave the template out with --format plain.',
      cause,
    });
  }
}

/** The templates' texts, wherever in a model's folder they stand; undefined for a model without one. */
export async function chatTemplateSources(
  folder: string,
  read: SettingsReader = readSettings,
): Promise<ChatTemplateSources | undefined> {
  const inFile = await fromFile(folder);
  if (inFile) return inFile;
  for (const [file, schema] of [
    ['tokenizer_config.json', configSchema],
    ['chat_template.json', templateSchema],
  ] as const) {
    const sources = fromSettings((await read(folder, file, schema))?.chat_template, join(folder, file));
    if (sources) return sources;
  }
  return undefined;
}

async function fromFile(folder: string): Promise<ChatTemplateSources | undefined> {
  const file = join(folder, 'chat_template.jinja');
  const source = await readTextFile(file, 'template-invalid');
  const toolSource = await readTextFile(join(folder, templateFile('tool_use')), 'template-invalid');
  return source === undefined ? undefined : { source, toolSource, file };
}

function fromSettings(
  value: z.output<typeof templateSchema>['chat_template'],
  file: string,
): ChatTemplateSources | undefined {
  if (!value) return undefined;
  if (typeof value === 'string') return { source: value, file };
  const called = (name: string) => value.find((one) => one.name === name)?.template;
  const source = called('default') ?? value[0]?.template;
  return source === undefined ? undefined : { source, toolSource: called('tool_use'), file };
}

/** `bos_token`, `eos_token`, `pad_token` … with their texts. */
function namedTokens(config: Readonly<Record<string, unknown>>): Record<string, string> {
  const entries = Object.entries(config).flatMap(([name, value]): [string, string][] => {
    if (!/^[a-z]+_token$/.test(name)) return [];
    const text = typeof value === 'string' ? value : (value as { content?: unknown } | null)?.content;
    return typeof text === 'string' ? [[name, text]] : [];
  });
  return Object.fromEntries(entries);
}
