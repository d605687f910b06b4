import { describe, expect, it } from 'vitest';
import { compileChatTemplate } from '../tokenizer/chat-template.ts';
import { TemplateBudgetError } from './budget.ts';

const messages = [
  { role: 'user', content: 'Hello' },
  { role: 'assistant', content: 'Hi' },
];
const render = (source: string, conversation = messages): string =>
  compileChatTemplate({ source, tokens: {}, specialTokens: [], date: new Date(0) }).render(
    { messages: conversation },
    true,
  );
/** Sixty times: `x` becomes what is written of it. */
const growing = (first: string, grown: string, used: string) =>
  `{% set ns = namespace(x=${first}) %}{% for i in range(60) %}{% set ns.x = ${grown} %}{% endfor %}${used}`;

describe('a template that would not end', () => {
  it.each([
    '{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}',
    '{% for i in range(1000) %}{% for j in range(100000) %}x{% endfor %}{% endfor %}',
    '{% macro f(n) %}{% if n %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(60) }}',
    growing('"ab"', 'ns.x ~ ns.x', '{{ ns.x }}'),
    growing('[1]', 'ns.x + ns.x', '{{ ns.x | length }}'),
    growing('["ab"]', '[ns.x, ns.x]', '{{ ns.x | tojson }}'),
    growing('{"a": 1}', '{"a": ns.x, "b": ns.x}', '{{ ns.x | string }}'),
    '{% set a = namespace(x=1) %}{% set b = namespace(x=1) %}{% set b.x = a %}{% set a.x = b %}{{ a }}',
  ])('is refused when it is compiled: %s', (source) => {
    expect(() => render(source)).toThrow(TemplateBudgetError);
  });

  it.each([
    '{% for i in range(10**9) %}x{% endfor %}',
    '{% set a = namespace(x=1) %}{% set b = namespace(x=1) %}{% set b.x = a %}{% set a.x = b %}{{ a.x | tojson }}',
    '{{ "x" | indent(10**9) }}',
    '{{ [1] | tojson(indent=10**9) }}',
    `{{ ${'('.repeat(50_000)} }}`,
    ' '.repeat(200_000),
  ])('is refused: %#', (source) => {
    expect(() => render(source)).toThrow(/./);
  });
});

describe('a template that looks at everything', () => {
  const byCharacter =
    '{% for m in messages %}{% for c in m.content %}{% if c %}{{ c }}{% endif %}{% endfor %}{% endfor %}';

  it('may take more steps for a longer conversation', () => {
    const content = 'a'.repeat(150_000);
    expect(render(byCharacter, [{ role: 'user', content }])).toBe(content);
  });

  it('may say a thousand messages, each with a look at all of them', () => {
    const long = Array.from({ length: 1000 }, (_, i) => ({ role: i % 2 ? 'assistant' : 'user', content: `${i}` }));
    const source =
      '{% for m in messages %}{% if messages[loop.index0 - 1].role != m.role %}{{ m.content }}{% endif %}{% endfor %}';
    expect(render(source, long)).toContain('998999');
  });
});
