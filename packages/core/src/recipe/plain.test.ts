import { describe, expect, it } from 'vitest';
import { plain } from './plain.ts';

const recipe = plain();
const render = (input: unknown) => recipe.render(recipe.parseRow(input));

describe('plain', () => {
  it('takes a prompt and its completion as they are', () => {
    expect(render({ prompt: ' 2+2=', completion: ' 4\n' })).toEqual({
      prompt: [{ role: 'user', text: ' 2+2=', shorten: 'start' }],
      completion: [{ role: 'assistant', text: ' 4\n' }],
    });
  });

  it('takes the last assistant message of a chat as the completion, with the weights of the messages', () => {
    const messages = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'Hello', weight: 0 },
      { role: 'user', content: 'Bye' },
      { role: 'assistant', content: 'See you', weight: 0.5 },
    ];
    expect(render({ messages })).toEqual({
      prompt: [
        { role: 'system', text: 'Be brief.' },
        { role: 'user', text: 'Hi', shorten: 'start' },
        { role: 'assistant', text: 'Hello', weight: 0 },
        { role: 'user', text: 'Bye', shorten: 'start' },
      ],
      completion: [{ role: 'assistant', text: 'See you', weight: 0.5 }],
    });
  });

  it('renders a row without its answer with an empty completion', () => {
    expect(render({ prompt: 'x' }).completion).toEqual([]);
    expect(render({ messages: [{ role: 'user', content: 'x' }] }).completion).toEqual([]);
  });

  it.each([
    [{ completion: 'x' }, 'prompt', /"prompt" is missing/],
    [{ prompt: 1, completion: 'x' }, 'prompt', /expected string/],
    [{ prompt: 'a', messages: [{ role: 'user', content: 'x' }] }, 'messages', /either/],
    [{ messages: [{ role: 'bot', content: 'x' }] }, 'messages.0.role', /does not fit/],
    [{ messages: [] }, 'messages', /does not fit/],
  ])('refuses %j', (input, field, message) => {
    expect(() => recipe.parseRow(input)).toThrow(
      expect.objectContaining({ field, message: expect.stringMatching(message) }),
    );
  });

  it('counts exact matches', () => {
    const row = recipe.parseRow({ prompt: 'a', completion: ' yes' });
    const score = recipe.metrics[0]?.compute([
      { row, text: 'yes ' },
      { row, text: 'no' },
    ]);
    expect(score).toBe(0.5);
  });
});
