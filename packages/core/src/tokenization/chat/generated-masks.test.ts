import { describe, expect, it } from 'vitest';
import type { Segment } from '../../recipe/recipe.ts';
import { type ChatTemplate, compileChatTemplate } from '../../tokenizer/chat-template.ts';
import { assistant, compile, learnt, twoTurns, user } from './test-support/learnt.ts';
import { writeChat } from './write-chat.ts';

describe('what generation would write has weight', () => {
  it('where the last turn ends with another token than those before', () => {
    const template = compile(
      "{%- for m in messages -%}<|start|>{{ m.role }}{% if m.role == 'assistant' %}<|channel|>final{% endif %}<|message|>{{ m.content }}{% if m.role == 'assistant' and loop.last %}<|return|>{% else %}<|end|>{% endif %}{%- endfor -%}{% if add_generation_prompt %}<|start|>assistant{% endif %}",
      ['<|start|>', '<|channel|>', '<|message|>', '<|end|>', '<|return|>'],
    );
    expect(template.stops).toEqual(['<|return|>', '<|end|>']);
    expect(learnt(template)).toEqual([
      '<|channel|>final<|message|>one<|end|>',
      '<|channel|>final<|message|>two<|return|>',
    ]);
  });

  it('where an answer ends with two tokens, up to the one that the model stops at', () => {
    const cohere =
      "{{ bos_token }}{% for m in messages %}<|START|>{% if m.role == 'user' %}<|USER|>{{ m.content }}{% else %}<|CHATBOT|><|START_RESPONSE|>{{ m.content }}<|END_RESPONSE|>{% endif %}<|END_OF_TURN|>{% endfor %}{% if add_generation_prompt %}<|START|><|CHATBOT|><|START_RESPONSE|>{% endif %}";
    const specials = ['<|START|>', '<|USER|>', '<|CHATBOT|>', '<|START_RESPONSE|>', '<|END_RESPONSE|>'];
    const tokens = { bos_token: '<BOS>', eos_token: '<|END_OF_TURN|>' };
    const template = compile(cohere, specials, tokens);
    expect(template.stops).toEqual(['<|END_OF_TURN|>']);
    const both = ['one<|END_RESPONSE|><|END_OF_TURN|>', 'two<|END_RESPONSE|><|END_OF_TURN|>'];
    expect(learnt(template)).toEqual(both);
    // Also where it always ends with what asks for the next answer, and where no settings name the stop.
    const always = cohere.replace('{% if add_generation_prompt %}', '').replace(/\{% endif %\}$/, '');
    expect(learnt(compile(always, specials, tokens))).toEqual(both);
    expect(learnt(compile(cohere, [...specials, '<|END_OF_TURN|>'], { bos_token: '<BOS>' }))).toEqual(both);
  });

  it('where calls end with a token of their own before the one that ends the turn', () => {
    const template = compile(
      "{% for m in messages %}<|im_start|>{{ m.role }}\n{% for c in m.tool_calls or [] %}<|call|>{{ c.function.name }}<|call_end|>\n{% endfor %}{{ m.content or '' }}<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}",
      ['<|im_start|>', '<|im_end|>', '<|call|>', '<|call_end|>'],
    );
    expect(template.stops).toEqual(['<|im_end|>']);
    const calls = assistant('', { tool_calls: [{ type: 'function', function: { name: 'f', arguments: {} } }] });
    const example = { prompt: [user('a')], completion: [calls] };
    expect(learnt(template, example)).toEqual(['<|call|>f<|call_end|>\n<|im_end|>']);
  });

  it('where another role’s token is what ends a turn: the model stops at it', () => {
    const glm = compileChatTemplate({
      source:
        "<sop>{% for m in messages %}<|{{ m.role }}|>{{ '\n<think></think>' if m.role == 'assistant' else '' }}{{ '\n' + m.content }}{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}",
      tokens: { eos_token: '<|endoftext|>' },
      specialTokens: ['<sop>', '<|user|>', '<|assistant|>', '<|endoftext|>'],
      stopTokens: ['<|endoftext|>', '<|user|>'],
      date: new Date(),
    });
    expect(learnt(glm)).toEqual(['\n<think></think>\none<|user|>', '\n<think></think>\ntwo[end]']);
  });

  it('but not the token that begins the next message, where the model does not stop at it', () => {
    const source =
      '{% for m in messages %}<|{{ m.role }}|>{{ m.content }}{% endfor %}{% if add_generation_prompt %}<|assistant|>{% else %}{{ eos_token }}{% endif %}';
    const template = compile(source, ['<|user|>', '<|assistant|>'], { eos_token: '</s>' });
    expect(template.stops).toEqual(['</s>']);
    expect(learnt(template)).toEqual(['one', 'two</s>']);
  });
});

describe('an answer that the template ends with words', () => {
  const template = compile(
    '{% for m in messages %}[{{ m.role }}]\n{{ m.content }}[end]\n{% endfor %}{% if add_generation_prompt %}[assistant]\n{% endif %}',
    [],
    { eos_token: '</s>' },
  );

  it('has them, and the end-of-sequence token at which generation stops behind the last', () => {
    expect(template.endWords).toBe('[end]\n');
    expect(learnt(template)).toEqual(['one[end]\n', 'two[end]\n[end]']);
  });

  it('has them apart from its own: a recipe’s answers are tokenized by themselves', () => {
    const { completion } = writeChat(twoTurns, { template, where: 'row' });
    expect(completion.map(({ text }) => text)).toEqual(['two', '[end]\n', undefined]);
  });
});

it.each([['<|end|>'], []])(
  'tools behind the conversation stand behind the answer, which is asked for without them (special tokens: %s)',
  (...specials) => {
    const template = compile(
      '{% for m in messages %}<{{ m.role }}>{{ m.content }}<|end|>{% endfor %}{% for t in tools or [] %}{{ t.name }};{% endfor %}',
      specials,
    );
    const example = { ...twoTurns, tools: [{ name: 'f' }, { name: 'g' }] };
    const { prompt, completion } = writeChat(example, { template, where: 'row' });
    const texts = [...prompt, ...completion].map(({ text }) => text).join('');
    expect(texts).toBe('<user>a<|end|><assistant>one<|end|><user>b<|end|><assistant>two<|end|>f;g;');
    expect(completion.map(({ text, role }) => [role, text])).toEqual([
      ['assistant', '<assistant>two'],
      ['assistant', '<|end|>'],
      ...(specials.length > 0 ? [] : [['assistant', undefined]]),
      ['template', 'f;g;'],
    ]);
    expect(writeChat({ ...example, completion: [] }, { template, where: 'row' }).prompt).toEqual(prompt);
  },
);

describe('arguments of a call', () => {
  const compiled = (args: string) =>
    compile(
      `{% for m in messages %}[{{ m.role }}]{{ m.content }}{% for c in m.tool_calls or [] %}{{ c.function.name + ' ' }}${args}{% endfor %}<|im_end|>{% endfor %}{% if add_generation_prompt %}[assistant]{% endif %}`,
      ['<|im_end|>'],
    );
  const text = '{"city":"Rome","days":2.0}';
  const calling = (args: unknown) =>
    assistant('', { content: null, tool_calls: [{ type: 'function', function: { name: 'f', arguments: args } }] });

  it('stay the text that they are where the template writes it, and are an object where it wants one', () => {
    const example = { prompt: [user('a')], completion: [calling(text)] };
    expect(learnt(compiled('{{ c.function.arguments }}'), example)).toEqual([`f ${text}<|im_end|>`]);
    expect(learnt(compiled('{{ c.function.arguments | tojson }}'), example)).toEqual([
      'f {"city": "Rome", "days": 2.0}<|im_end|>',
    ]);
    expect(learnt(compiled('{{ c.function.arguments.city }}'), example)).toEqual(['f Rome<|im_end|>']);
  });
});

describe('a row that generation would not write', () => {
  const chatml = compile(
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{% if m.content %}{{ m.content }}{% endif %}<|im_end|>{{ '\n' }}{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}",
    ['<|im_start|>', '<|im_end|>'],
  );
  const refusal = (template: ChatTemplate, answer: Segment) => () =>
    learnt(template, { prompt: [user('a')], completion: [answer] });

  it.each(['reasoning_content', 'reasoning', 'thinking', 'function_call', 'refusal'])(
    'is refused where the template leaves out %s',
    (field) => {
      const said = field === 'function_call' ? { name: 'f', arguments: '{}' } : 'words';
      expect(refusal(chatml, assistant('b', { [field]: said }))).toThrow(
        `leaves out what message 2 (assistant) says: "${field}"`,
      );
      expect(learnt(chatml, { prompt: [user('a')], completion: [assistant('b', { [field]: null })] })).toEqual([
        'b<|im_end|>',
      ]);
    },
  );

  it('is refused where the answer holds what generation stops at', () => {
    expect(refusal(chatml, assistant('one<|im_end|>two'))).toThrow('<|im_end|>, at which generation stops');
    const words = compile('{% for m in messages %}{{ m.role }}: {{ m.content }}[end]{% endfor %}', [], {
      eos_token: '</s>',
    });
    expect(refusal(words, assistant('one</s> two'))).toThrow('</s>, at which generation stops');
  });

  it('is not: an answer that brings its own end has it once', () => {
    expect(learnt(chatml, { prompt: [user('a')], completion: [assistant('one<|im_end|><|im_end|>\n')] })).toEqual([
      'one<|im_end|>',
    ]);
  });

  it('is refused where a message is not written, or a second call, or the tools', () => {
    const quiet = compile(
      "{% for m in messages %}{% if m.role == 'user' %}U{{ m.content }}{% elif m.role == 'assistant' %}A{{ m.content }}{% for c in (m.tool_calls or [])[:1] %}{{ c.function.name }}{% endfor %}<|im_end|>{% endif %}{% endfor %}{% if add_generation_prompt %}A{% endif %}",
      ['<|im_end|>'],
    );
    const call = (name: string) => ({ type: 'function', function: { name, arguments: {} } });
    const calls = (...names: string[]) => assistant('', { tool_calls: names.map(call) });
    expect(learnt(quiet, { prompt: [user('a')], completion: [calls('f')] })).toEqual(['f<|im_end|>']);
    expect(refusal(quiet, calls('f', 'g'))).toThrow('leaves out what message 2 (assistant) says: "tool_calls"');
    const prompt = [user('a'), calls('f'), { role: 'tool' as const, text: '22' }];
    expect(() => learnt(quiet, { prompt, completion: [assistant('b')] })).toThrow('writes nothing of message 3 (tool)');
    const example = { prompt: [user('a')], completion: [assistant('b')], tools: [call('f')] };
    expect(() => writeChat(example, { template: quiet, where: 'row' })).toThrow("nothing of the row's tools");
  });

  it('is refused where the template can’t be asked for it, with its reason', () => {
    const wantsFirst = compile(
      "{% if messages[0].role == 'system' %}S{% endif %}{% for m in messages %}{{ m.role }}:{{ m.content }}</s>{% endfor %}{% if add_generation_prompt %}assistant:{% endif %}",
      ['</s>'],
    );
    const greeting = () => learnt(wantsFirst, { prompt: [assistant('hi'), user('a')], completion: [assistant('b')] });
    expect(greeting).toThrow(
      /message 1 \(assistant\)[^:]*refuses: list object has no element 0[\s\S]*--train-on replies, or "weight": 0/,
    );
  });

  it('is not: an answer that the template writes in another way', () => {
    const loud = compile(
      "{% for m in messages %}{{ m.role }}:{{ (m.content | upper) if m.role == 'user' else m.content | tojson }}</s>{% endfor %}{% if add_generation_prompt %}assistant:{% endif %}",
      ['</s>'],
    );
    const example = { prompt: [user('a')], completion: [assistant('say "b"\n')] };
    expect(learnt(loud, example)).toEqual([String.raw`"say \"b\"\n"</s>`]);
  });

  it('says the template’s own reason', () => {
    const strict = compile("{% for m in messages %}{{ raise_exception('no ' + m.role) }}{% endfor %}", []);
    expect(refusal(strict, assistant('b'))).toThrow(/refuses message 1 \(user\): no user[\s\S]*as the reason says/);
  });
});
