import { describe, expect, it } from 'vitest';
import { compareAnswers } from './compare-answers.ts';
import { assertLlamaServer, startLlamaServer } from './llama-server.ts';

const END = 2;
const isEnd = (id: number) => id === END;
const end = { id: END, token: '' };
/** An answer in words, each with what else it might have been, and how much less likely. */
function completion(words: readonly (readonly [word: string, other?: string, less?: number])[]) {
  const choice = (text: string, logprob: number) =>
    text === '' ? { ...end, logprob } : { id: text.length + 10, token: text, logprob };
  const completion_probabilities = words.map(([word, other, less = 5]) => {
    const own = choice(word, -0.5);
    return { ...own, top_logprobs: [own, ...(other === undefined ? [] : [choice(other, -0.5 - less)])] };
  });
  return { content: words.map(([word]) => word).join(''), stop_type: 'eos', completion_probabilities };
}
const compared = (text: string, words: Parameters<typeof completion>[0], cut = false) =>
  compareAnswers({ text, cut }, completion(words), isEnd);

describe('two answers', () => {
  it('are the same, or a beginning of the same where ours was cut', () => {
    expect(compared('card arrival', [['card'], [' arrival'], ['']])).toBe('same');
    expect(compared('card', [['card'], [' arrival']], true)).toBe('same');
  });

  it('go on, stop early or differ', () => {
    expect(compared('card', [['card'], [' arrival'], ['']])).toBe('goes-on');
    expect(compared('card arrival', [['card'], ['']])).toBe('stops-early');
    expect(compared('card arrival', [['card'], [' lost'], ['']])).toBe('differs');
  });

  it('part at a near tie where ours was nearly as likely: of words, of the end, and of going on', () => {
    expect(compared('card arrival', [['card'], [' lost', ' arrival', 0.05], ['']])).toBe('near-tie');
    expect(compared('card arrival', [['card'], [' lost', ' arrival', 0.5], ['']])).toBe('differs');
    expect(compared('card arrival', [['card'], [' lost', ' late', 0.05], ['']])).toBe('differs');
    expect(compared('card', [['card'], [' lost', '', 0.05], ['']])).toBe('near-tie');
    expect(compared('card lost', [['card'], ['', ' lost', 0.05]])).toBe('near-tie');
    expect(compared('card', [['card'], [' lost', '', 0.5], ['']])).toBe('goes-on');
  });
});

describe('llama-server', () => {
  const program = 'no-such-llama-server';
  const mistake = { code: 'file-not-found', where: program, fix: expect.stringContaining('--llama-server') as string };

  it('is asked for by name where it is not there', async () => {
    expect(() => assertLlamaServer(program)).toThrow(expect.objectContaining(mistake) as Error);
    await expect(startLlamaServer('m.gguf', { program, contextLength: 128 })).rejects.toMatchObject(mistake);
  });

  it('tells what it said where it ends before it is ready', async () => {
    const starting = startLlamaServer('m.gguf', { program: 'false', contextLength: 128 });
    await expect(starting).rejects.toMatchObject({ code: 'model-invalid', where: 'm.gguf' });
  });
});
