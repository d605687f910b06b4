import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseExactJson } from '../recipe/exact-json.ts';
import { compileTemplate } from './template.ts';

const read = (name: string) => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));

/** What transformers makes of random conversations (test/reference/jinja): the beginnings of the texts' hashes, or null. */
const { conversations, texts } = read('fixtures/conversations.json') as {
  readonly conversations: readonly string[];
  readonly texts: Readonly<Record<string, readonly (string | null)[]>>;
};
const folder = '../tokenizer/fixtures/chat-templates';
const sources = new Map<string, string>([
  ...(read(`${folder}/goldens.json`) as { name: string; template: string }[]).map(
    ({ name, template }) => [name, template] as const,
  ),
  ...Object.entries(read(`${folder}/model-configs.json`) as Record<string, { chat_template: string }>).map(
    ([name, config]) => [name, config.chat_template] as const,
  ),
  ...(read(`${folder}/templates.json`) as { name: string; source: string }[]).map(
    ({ name, source }) => [name, source] as const,
  ),
]);
const date = new Date(2026, 0, 31, 12, 4);

describe('random conversations, as transformers writes them in', () => {
  it.each(Object.entries(texts))('%s', (name, expected) => {
    const template = compileTemplate(sources.get(name) ?? '');
    const found = conversations.map((values) => {
      try {
        const text = template.render(parseExactJson(values) as Record<string, unknown>, { date });
        return createHash('sha256').update(text).digest('hex').slice(0, 8);
      } catch {
        return null;
      }
    });
    expect(found).toEqual(expected);
  });
});

/** Templates that went wrong with another engine, by themselves; `!!` begins the error that Python gives. */
const cases = read('fixtures/cases.json') as { template: string; values: string; expected: string }[];

it.each(cases.map((one) => [one.template, one] as const))('writes what Python writes: %s', (template, one) => {
  const render = () =>
    compileTemplate(template).render(parseExactJson(one.values) as Record<string, unknown>, { date });
  if (one.expected.startsWith('!!')) expect(render).toThrow();
  else expect(render()).toBe(one.expected);
});
