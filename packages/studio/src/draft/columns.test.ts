import { describe, expect, it } from 'vitest';
import { guessColumns } from './columns.ts';

const support = ['message', 'problem'];

describe('guessColumns', () => {
  it.each([
    [['message', 'problem'], { message: 'message', problem: 'problem' }],
    [['id', 'problem', 'message'], { message: 'message', problem: 'problem' }],
    [['Message', 'Problem'], { message: 'Message', problem: 'Problem' }],
    [['messages', 'problems'], { message: 'messages', problem: 'problems' }],
    [['text', 'category'], { message: 'text', problem: 'category' }],
    [['utterance', 'what it is about'], { message: 'utterance', problem: 'what it is about' }],
    [['a', 'b', 'c'], {}],
  ])('takes %j for a message and its problem', (columns, guessed) => {
    expect(guessColumns(support, 'problem', columns)).toEqual(guessed);
  });

  it('gives a column to one field only', () => {
    const guessed = guessColumns(['prompt', 'completion'], 'completion', ['prompt', 'input']);
    expect(guessed).toEqual({ prompt: 'prompt', completion: 'input' });
    expect(new Set(Object.values(guessed)).size).toBe(2);
  });

  it('leaves fields alone that a file made for the recipe does without', () => {
    expect(guessColumns(['message', 'problem', 'history'], 'problem', ['message', 'problem', 'story'])).toEqual({
      message: 'message',
      problem: 'problem',
    });
  });
});
