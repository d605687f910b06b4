import { readFileSync } from 'node:fs';
import { type ChatMessage, type ChatTemplate, compileChatTemplate } from '../chat-template.ts';

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../fixtures/chat-templates/${name}`, import.meta.url), 'utf8'));

/** A template, what it is given, and the text it is to give. */
export interface Golden {
  readonly name: string;
  readonly template: string;
  readonly data: {
    readonly messages: ChatMessage[];
    readonly tools?: unknown[];
    readonly add_generation_prompt?: boolean;
    readonly [token: string]: unknown;
  } & Record<string, never>;
  readonly expected: string;
}

export const goldens: readonly Golden[] = read('goldens.json');

interface ModelConfig {
  readonly chat_template: string;
  readonly bos_token: string | null;
  readonly eos_token: string;
  readonly special_tokens: readonly string[];
}

/** The templates of real models, by name, as their `tokenizer_config.json` has them. */
export const modelTemplates: Readonly<Record<string, ChatTemplate>> = Object.fromEntries(
  Object.entries(read('model-configs.json') as Record<string, ModelConfig>).map(([name, config]) => [
    name,
    compileChatTemplate({
      source: config.chat_template,
      tokens: { ...(config.bos_token === null ? {} : { bos_token: config.bos_token }), eos_token: config.eos_token },
      specialTokens: [config.bos_token ?? '', config.eos_token, ...config.special_tokens],
      date: new Date(2024, 6, 26, 12),
    }),
  ]),
);

/** A template of the goldens, with special tokens of its model's that the goldens do not name. */
export function goldenTemplate(name: string, specialTokens: readonly string[] = []): ChatTemplate {
  const { template = '', data } = goldens.find((golden) => golden.name === name) ?? {};
  const tokens: Record<string, string> = {};
  for (const [key, value] of Object.entries(data ?? {})) {
    if (key.endsWith('_token') && typeof value === 'string') tokens[key] = value;
  }
  const all = [...Object.values(tokens), ...specialTokens];
  return compileChatTemplate({ source: template, tokens, specialTokens: all, date: new Date(2024, 6, 26, 12) });
}

interface RealTemplate {
  readonly name: string;
  readonly source: string;
  readonly bos: string | null;
  readonly eos: string;
  readonly stops: readonly string[];
  readonly special: readonly string[];
}

const SPECIAL = /<\|[^|<>\s{}'"]+\|>|<｜[^｜<>\s{}'"]+｜>|<\/?s>|<(?:start|end)_of_turn>|<(?:bos|eos)>/g;

/** All real templates at hand, by name: those of `modelTemplates`, of the goldens, and of `templates.json`. */
export const realTemplates: ReadonlyMap<string, ChatTemplate> = new Map([
  ...Object.entries(modelTemplates),
  ...goldens
    .filter(({ name }) => name.includes('/'))
    .map(({ name, template }): [string, ChatTemplate] => [name, goldenTemplate(name, template.match(SPECIAL) ?? [])]),
  ...(read('templates.json') as RealTemplate[]).map(({ name, source, bos, eos, stops, special }) => {
    const template = compileChatTemplate({
      source,
      tokens: { ...(bos !== null && { bos_token: bos }), eos_token: eos },
      specialTokens: special,
      stopTokens: stops,
      date: new Date(2024, 6, 26, 12),
    });
    return [name, template] as const;
  }),
]);
