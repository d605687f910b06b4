import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseExactJson } from '../recipe/exact-json.ts';
import { JinjaError } from './errors.ts';
import { compileTemplate } from './template.ts';

/** What transformers makes of a template: its text, or the name of its error (test/reference/jinja). */
type Entry = readonly [template: string, expected: string | { readonly error: string }];

const read = (name: string) => readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');
const { values: valuesText, groups } = JSON.parse(read('snippets.json')) as {
  readonly values: string;
  readonly groups: Readonly<Record<string, readonly Entry[]>>;
};
const values = parseExactJson(valuesText) as Record<string, unknown>;
const date = new Date(2026, 0, 31, 12, 4);
const render = (template: string): string => compileTemplate(template).render(values, { date });

/** What no chat has, and is refused by name: bytes, lots, complex numbers. */
const REFUSED = ["{{ 'hello'.encode('utf-8') }}", '{{ people | random is mapping }}', '{{ (-3) ** (2.5) }}'];

/** Two halves of a character that are written apart are two characters to Python, which cannot write them; HTML is not escaped by itself. */
const DIFFERENT = /\\ud83d\\ude00|autoescape true/;

describe('what transformers makes of a template is made of it', () => {
  for (const [group, entries] of Object.entries(groups)) {
    it(group, () => {
      const differing = entries.flatMap(([template, expected]) => {
        if (DIFFERENT.test(template)) return [];
        const found = made(template);
        const isRight =
          typeof expected === 'string' && !REFUSED.includes(template)
            ? found === expected
            : found instanceof JinjaError;
        return isRight ? [] : [{ template, expected, found }];
      });
      expect(differing).toEqual([]);
    });
  }
});

function made(template: string): unknown {
  try {
    return render(template);
  } catch (error) {
    return error;
  }
}
