import { describe, expect, it } from 'vitest';
import { type ChatTemplate, compileChatTemplate } from '../tokenizer/chat-template.ts';
import { modelTemplates } from '../tokenizer/test-support/chat-templates.ts';
import { modelfile } from './modelfile.ts';

const smollm = `{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}{{ '<|im_start|>system\nYou are SmolLM<|im_end|>\n' }}{% endif %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}`;
const compile = (source: string, special: string[], bos_token = ''): ChatTemplate =>
  compileChatTemplate({ source, tokens: { bos_token }, specialTokens: special, date: new Date(2025, 6, 10) });
const written = (chat: ChatTemplate | undefined, addsBos = false) =>
  modelfile({
    ...{ from: '/m/base.gguf', adapter: './adapter.gguf', chat, addsBos, stops: ['<|im_end|>', 'a"b', 'a"""b'] },
    ...{ contextLength: 4096, maxNewTokens: 32 },
  });

describe('a Modelfile', () => {
  it('names model, adapter, stops, and a template with the system message that the model has by default', () => {
    expect(written(compile(smollm, ['<|im_start|>', '<|im_end|>'], '<|im_start|>'))).toBe(`FROM /m/base.gguf
ADAPTER ./adapter.gguf
TEMPLATE """{{ if .System }}<|im_start|>system
{{ .System }}<|im_end|>
{{ end }}{{ if .Prompt }}<|im_start|>user
{{ .Prompt }}<|im_end|>
<|im_start|>assistant
{{ end }}{{ .Response }}<|im_end|>
"""
SYSTEM """You are SmolLM"""
PARAMETER stop "<|im_end|>"
PARAMETER stop """a"b"""
PARAMETER temperature 0
PARAMETER num_ctx 4096
PARAMETER num_predict 32
`);
  });

  it('is of a model by itself too, and says no limit that nobody has given', () => {
    const parts = { chat: undefined, addsBos: true, stops: [], contextLength: 512 };
    expect(modelfile({ from: './my model.gguf', ...parts })).toBe(`FROM "./my model.gguf"
TEMPLATE """{{ .Prompt }}"""
PARAMETER temperature 0
PARAMETER num_ctx 512
`);
  });

  it('leaves the BOS to llama.cpp where that writes it, and says nothing of a system that the model does not take', () => {
    const strict = `{{ bos_token }}{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('no') }}{% elif m.role == 'user' %}[INST] {{ m.content }} [/INST]{% else %}{{ m.content }}</s>{% endif %}{% endfor %}`;
    const text = written(compile(strict, ['<s>', '</s>'], '<s>'), true);
    const said =
      'TEMPLATE """{{ if .System }}{{ .System }}{{ end }}{{ if .Prompt }}[INST] {{ .Prompt }} [/INST]{{ end }}{{ .Response }}</s>"""';
    expect(text).toContain(said);
    expect(text).not.toContain('SYSTEM """');
  });

  it('asks prompts as they are where there is no chat template', () => {
    expect(written(undefined)).toContain('TEMPLATE """{{ .Prompt }}"""');
  });

  it('leaves a template out that does more, and says so', () => {
    const counting = '{% for m in messages %}{{ loop.index }}: {{ m.content }}\n{% endfor %}';
    expect(written(compile(counting, []))).toMatch(/\n# The model's chat template says more than a TEMPLATE can/);
  });

  it('writes of each real template what the template writes, or none', () => {
    const asked = {
      messages: [
        { role: 'user', content: 'How?' },
        { role: 'assistant', content: 'So.' },
        { role: 'user', content: 'Why?' },
      ],
    };
    let said = 0;
    for (const [name, chat] of Object.entries(modelTemplates)) {
      const text = written(chat);
      const template = /TEMPLATE """([\s\S]*?)"""\n/.exec(text)?.[1];
      if (template === undefined) continue;
      said++;
      const system = /\nSYSTEM """([\s\S]*?)"""\n/.exec(text)?.[1] ?? '';
      const turn = (prompt: string, response: string, first: boolean) => {
        const [, before = ''] = /^\{\{ if \.System \}\}([\s\S]*?)\{\{ end \}\}/.exec(template) ?? [];
        const rest = template.slice(template.indexOf('{{ end }}') + '{{ end }}'.length);
        const own = first && system !== '' ? before.replace('{{ .System }}', system) : '';
        const [question = '', answer = ''] = rest.replace('{{ if .Prompt }}', '').split('{{ end }}');
        const end = response === '' ? '' : answer.replace('{{ .Response }}', response);
        return own + question.replace('{{ .Prompt }}', prompt) + end;
      };
      expect(turn('How?', 'So.', true) + turn('Why?', '', false), name).toBe(chat.render(asked, true));
    }
    expect(said).toBeGreaterThan(2);
  });
});
