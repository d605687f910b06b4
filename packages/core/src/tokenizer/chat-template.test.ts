import { describe, expect, it } from 'vitest';
import { strftime } from '../jinja/strftime.ts';
import { type ChatTemplate, compileChatTemplate } from './chat-template.ts';
import { goldens } from './test-support/chat-templates.ts';

const date = new Date(2025, 6, 10, 12);
const compile = (source: string, specialTokens: string[] = [], tokens: Record<string, string> = {}): ChatTemplate =>
  compileChatTemplate({ source, tokens, specialTokens, date });
const hello = { messages: [{ role: 'user', content: 'Hello' }] };

describe('real templates, as transformers renders them', () => {
  it.each(goldens.map((golden) => [golden.name, golden] as const))('%s', (_, { template, data, expected }) => {
    const { messages, tools, add_generation_prompt: asking = false, ...tokens } = data;
    expect(compile(template, [], tokens).render({ messages, tools }, asking)).toBe(expected);
  });

  it('are all there', () => {
    expect(goldens).toHaveLength(27);
  });
});

describe('{% generation %}', () => {
  const marked = (source: string) => compile(source).render(hello, false);

  it('leaves the text as it is', () => {
    expect(marked('a{% generation %}b{{ messages[0].content }}{% endgeneration %}c')).toBe('abHelloc');
  });

  it('treats white space as any other block does', () => {
    expect(marked('a\n  {% generation %}\nb\n  {% endgeneration %}\nc')).toBe('a\nb\nc');
    expect(marked('a  {%- generation -%}  b  {%- endgeneration -%}  c')).toBe('abc');
    expect(marked('a {% generation %} b {% endgeneration %} c')).toBe('a  b  c');
  });
});

describe('what a template is asked about itself', () => {
  const chatml =
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>{{ '\n' }}{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";
  const specials = ['<|im_start|>', '<|im_end|>', '<|im_end|>x'];

  it('is the token that ends the assistant’s turn', () => {
    expect(compile(chatml, specials).endOfTurn).toBe('<|im_end|>');
    expect(compile(chatml).endOfTurn).toBeUndefined();
    expect(compile(chatml, specials).stops).toEqual(['<|im_end|>']);
  });

  it('is that token where it is an added one that no settings call special, and the words where it is none', () => {
    const settings = { source: chatml, tokens: { eos_token: '</s>' }, specialTokens: [], date };
    expect(compileChatTemplate(settings)).toMatchObject({ endOfTurn: undefined, endWords: '<|im_end|>\n' });
    const otherTokens = ['<|im_start|>', '<think>', '<|im_end|>'];
    const ways = { endOfTurn: '<|im_end|>', endWords: '', stops: ['<|im_end|>', '</s>'] };
    expect(compileChatTemplate({ ...settings, otherTokens })).toMatchObject(ways);
  });

  it('is whether it takes a system message', () => {
    const strict = `{% if messages[0].role == 'system' %}{{ raise_exception('no system') }}{% endif %}${chatml}`;
    expect(compile(chatml).takesSystem).toBe(true);
    expect(compile(strict).takesSystem).toBe(false);
    expect(() => compile(strict).render({ messages: [{ role: 'system', content: 'a' }] }, false)).toThrow('no system');
  });

  it('is whether it reads contents as lists of parts only', () => {
    const parts =
      "{% for m in messages %}{% for c in m.content %}{% if c.type == 'text' %}{{ c.text }}{% endif %}{% endfor %}{% endfor %}";
    expect(compile(parts).render(hello, false)).toBe('Hello');
  });

  it('is whether it tells the day, in English and no other than it is given', () => {
    const dated = compile("{{ strftime_now('%d %b %Y') }}");
    expect(dated.tellsDate).toBe(true);
    expect(dated.render(hello, false)).toBe('10 Jul 2025');
    expect(compile(chatml).tellsDate).toBe(false);
    expect(strftime(date, '%A, %-d %B %y, %H:%M:%S %% %Q')).toBe('Thursday, 10 July 25, 12:00:00 % %Q');
    // As Python writes them, whose year begins at day 1 and whose midnight is 12 AM.
    const early = new Date(2024, 1, 3, 0, 5, 9);
    expect(strftime(early, '%j %-j %e %-m/%-d %I:%M %p, %c, %F %-T, %x')).toBe(
      '034 34  3 2/3 12:05 AM, Sat Feb  3 00:05:09 2024, 2024-02-03 00:05:09, 02/03/24',
    );
  });
});

it('loops over characters and over nothing, as Python does', () => {
  const source =
    '{% for c in messages[0].content %}{{ c }}-{% endfor %}{% for c in messages[0].tool_calls %}x{% endfor %}';
  expect(compile(source).render(hello, false)).toBe('H-e-l-l-o-');
  const selected = "{% for c in messages[0].content if c != 'l' %}{{ c }}{% endfor %}";
  expect(compile(selected).render(hello, false)).toBe('Heo');
});

it('reads the line ends of Windows as Python does', () => {
  const source = '{% for m in messages %}\r\n<{{ m.role }}>\r\n{{ m.content }}\r\n{% endfor %}\r\nend';
  expect(compile(source).render(hello, false)).toBe('<user>\nHello\nend');
});

it('knows tools and documents to be none where there are none, as in transformers', () => {
  const source =
    '{% if tools is defined and tools is none and documents is none %}none{% endif %}{% if other is defined %}other{% endif %}';
  expect(compile(source).render(hello, false)).toBe('none');
});
