import { describe, expect, it } from 'vitest';
import type { Segment } from '../../recipe/recipe.ts';
import { assistant, compile, learnt, user } from './test-support/learnt.ts';

/** As DeepSeek R1's: it asks for thoughts, and takes them out of every answer that it is told. */
const r1 = (space: string) =>
  compile(
    `{% for m in messages %}{% if m.role == 'user' %}<U>{{ m.content }}{% else %}<A>{{ m.content.split('</think>')[-1] }}<|im_end|>{% endif %}{% endfor %}{% if add_generation_prompt %}<A><think>{{ '${space.replace('\n', '\\n')}' }}{% endif %}`,
    ['<|im_end|>'],
  );

describe('thoughts that a template asks for and takes out of what it is told', () => {
  const written = (space: string, answer: Segment) => learnt(r1(space), { prompt: [user('a')], completion: [answer] });
  const apart = (text: string) => assistant(text, { reasoning_content: 'add' });

  it.each([
    ['\n', assistant('<think>\nadd\n</think>\n\n4'), 'add\n</think>\n\n4<|im_end|>'],
    ['\n', assistant('add\n</think>\n\n4'), 'add\n</think>\n\n4<|im_end|>'],
    ['\n', assistant('<think>  add</think>4'), '  add</think>4<|im_end|>'],
    ['', assistant('<think>\nadd\n</think>\n\n4'), '\nadd\n</think>\n\n4<|im_end|>'],
    ['\n', apart('4'), 'add\n</think>\n\n4<|im_end|>'],
    ['\n', apart('\n\n4'), 'add\n</think>\n\n4<|im_end|>'],
    ['', apart('4'), 'add</think>4<|im_end|>'],
  ])('are learnt behind what asks for them (%j, %j)', (space, answer, expected) => {
    expect(written(space, answer)).toEqual([expected]);
    expect(r1(space).thoughtField).toBe('reasoning_content');
  });

  it('are not looked for in answers that are no part of the loss', () => {
    const prompt = [user('a'), { ...assistant('<think>x</think>3'), weight: 0 }, user('b')];
    expect(learnt(r1(''), { prompt, completion: [apart('4')] })).toEqual(['add</think>4<|im_end|>']);
  });

  it('are asked of a row that has none, and of an earlier answer of which the template drops them', () => {
    expect(() => written('\n', assistant('4'))).toThrow(
      expect.objectContaining({
        code: 'template-unstable',
        where: 'row, message 2 (assistant)',
        message: expect.stringContaining('it asks with "<U>a<A><think>\\n" and writes "<U>a<A>4<|im_end|>"'),
        fix: expect.stringContaining('Give the thoughts before the answer as "reasoning_content"'),
      }),
    );
    const prompt = [user('a'), assistant('', { content: '4', reasoning_content: 'add' }), user('b')];
    const later = () => learnt(r1('\n'), { prompt, completion: [assistant('<think>add</think>5')] });
    expect(later).toThrow(/does not write message 2[\s\S]*--train-on last-turn/);
  });
});
