import { compileChatTemplate } from '../../../packages/core/src/tokenizer/chat-template.ts';
import { bytes, core, file, type Target } from './target.ts';

const CONVERSATION = {
  messages: [
    { role: 'system', content: 'Be kind.' },
    { role: 'user', content: 'Hi  ' },
    { role: 'assistant', content: ' Hello', tool_calls: [{ function: { name: 'f', arguments: { a: 1 } } }] },
  ],
  tools: [
    { type: 'function', function: { name: 'f', description: 'x', parameters: { type: 'object', properties: {} } } },
  ],
};

export const templateTarget: Target = {
  name: 'template',
  words: [
    ...[
      '{%',
      '%}',
      '{{',
      '}}',
      '{#',
      '#}',
      '{%-',
      '-%}',
      ' in ',
      ' is ',
      ' if ',
      ' not ',
      '|',
      '~',
      '.',
      '[',
      ']',
      '(',
      ')',
      '**',
      '//',
    ],
    ...[
      '{% for m in messages %}',
      '{% endfor %}',
      '{% if ',
      '{% else %}',
      '{% endif %}',
      '{% set x = ',
      '{% macro f(a) %}',
      '{% endmacro %}',
    ],
    ...[
      '{{ f(1) }}',
      'range(10)',
      'namespace(x=1)',
      'ns.x',
      'messages',
      'content',
      'loop.index0',
      'tojson',
      'trim',
      'replace("a", "bb")',
    ],
    ...[
      '{% generation %}',
      '{% endgeneration %}',
      'strftime_now("%Y")',
      'raise_exception("x")',
      '10**9',
      '{% break %}',
      'x ~ x',
      '[x, x]',
    ],
  ],
  seeds: textsIn(JSON.parse(file(core, 'tokenizer/fixtures/chat-templates/model-configs.json').toString()))
    .filter((text) => text.includes('{%'))
    .map(bytes),
  read(input) {
    const settings = {
      tokens: { bos_token: '<s>', eos_token: '</s>' },
      specialTokens: ['<s>', '</s>'],
      date: new Date(0),
    };
    try {
      const { render } = compileChatTemplate({ source: Buffer.from(input).toString(), ...settings });
      render(CONVERSATION, true);
      render({ messages: CONVERSATION.messages }, false);
    } catch (error) {
      // Whoever loads or uses a template explains any error of it; what matters is that there is one, in time.
      if (!(error instanceof Error)) throw error;
    }
  },
};

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
