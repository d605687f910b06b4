import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlainLayout, RenderedExample, Segment } from '../recipe/recipe.ts';
import { tinyTokenizer } from '../testing/tiny-tokenizer.ts';
import { answerPosition } from '../tokenizer/answer-position.ts';
import type { TokenizedExample } from './example.ts';
import { tokenizeExample, tokenizePrompt } from './tokenize-example.ts';

const layout: PlainLayout = {
  system: { before: '', after: '\n' },
  user: { before: 'U:', after: '\n' },
  assistant: { before: 'A:', after: '\n' },
  tool: { before: 'T:', after: '\n' },
};
const tokenizer = tinyTokenizer();
const options = {
  layout,
  tokenizer,
  weights: { promptLossWeight: 0.1, templateLossWeight: 0 },
  maxLength: 200,
  where: 'rows.csv, row 3',
};

function kept(example: RenderedExample, overrides: Partial<typeof options> = {}): TokenizedExample {
  const result = tokenizeExample(example, { ...options, ...overrides });
  if (typeof result === 'string') throw new Error(`dropped: ${result}`);
  return result;
}

/** Stretches of one class and weight, as `class weight "text"`; BOS and EOS are ^ and $. */
function stretches({ ids, classes, weights }: TokenizedExample): string[] {
  const result: { key: string; text: string }[] = [];
  for (const [i, id] of ids.entries()) {
    const key = `${classes[i]} ${weights[i]}`;
    const text = id === 1 ? '^' : id === 2 ? '$' : tokenizer.decode([id]);
    const last = result.at(-1);
    if (last?.key === key) last.text += text;
    else result.push({ key, text });
  }
  return result.map(({ key, text }) => `${key} ${JSON.stringify(text)}`);
}

const user = (text: string, more: Partial<Segment> = {}): Segment => ({ role: 'user', text, ...more });
const assistant = (text: string, more: Partial<Segment> = {}): Segment => ({ role: 'assistant', text, ...more });

describe('tokenizeExample', () => {
  it('writes BOS, the prompt in its layout, and the completion with EOS', () => {
    const example = kept({ prompt: [{ role: 'system', text: 'Be kind.' }, user('Hi')], completion: [assistant('Yo')] });
    expect(stretches(example)).toEqual([
      'bos 0 "^"',
      'system 0.1 "Be kind."',
      'template 0 "\\nU:"',
      'user 0.1 "Hi"',
      'template 0 "\\nA:"',
      'assistant 1 "Yo$"',
    ]);
    expect(example.promptLength).toBe(example.ids.length - 3);
    expect(example.cutTokens).toBe(0);
  });

  it('trains the assistant wherever it speaks, with EOS after each of its turns', () => {
    const example = kept({
      prompt: [user('1'), assistant('one'), user('2'), assistant('shot', { weight: 0 }), user('3')],
      completion: [assistant('th', { weight: 0.5 }), assistant('ree', { weight: 2 })],
    });
    expect(stretches(example)).toEqual([
      'bos 0 "^"',
      'template 0 "U:"',
      'user 0.1 "1"',
      'template 0 "\\nA:"',
      'assistant 1 "one$"',
      'template 0 "\\nU:"',
      'user 0.1 "2"',
      'template 0 "\\nA:"',
      'assistant 0 "shot$"',
      'template 0 "\\nU:"',
      'user 0.1 "3"',
      'template 0 "\\nA:"',
      'assistant 0.5 "th"',
      'assistant 2 "ree$"',
    ]);
  });

  it('makes one turn of consecutive segments of one role', () => {
    const example = kept({ prompt: [user('Help! '), user('Name it.', { weight: 0 })], completion: [assistant('x')] });
    expect(stretches(example)).toEqual([
      'bos 0 "^"',
      'template 0 "U:"',
      'user 0.1 "Help! "',
      'user 0 "Name it."',
      'template 0 "\\nA:"',
      'assistant 1 "x$"',
    ]);
  });

  it('gives template text its own weight, and the very first token none', () => {
    const example = kept(
      { prompt: [user('q')], completion: [assistant('a')] },
      { tokenizer: tinyTokenizer({ bos: false }), weights: { promptLossWeight: 0, templateLossWeight: 0.5 } },
    );
    expect(example.weights).toEqual([0, 0.5, 0, 0.5, 0.5, 0.5, 1, 1]);
  });

  it('decodes to exactly the rendered text, with or without a space before texts', () => {
    const text = fc.string({ unit: fc.constantFrom(' ', '\n', 'a', 'é', '🎉'), maxLength: 6 });
    const segment = fc.record({ role: fc.constantFrom('system', 'user', 'assistant', 'tool'), text });
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 4 }), text, fc.boolean(), (prompt, answer, prefixSpace) => {
        const own = tinyTokenizer({ prefixSpace });
        const bare: PlainLayout = {
          ...layout,
          system: { before: '', after: '' },
          assistant: { before: '', after: '' },
        };
        const example = kept({ prompt, completion: [assistant(answer)] }, { tokenizer: own, layout: bare });
        let written = '';
        for (const [i, { role, text: spoken }] of prompt.entries()) {
          if (prompt[i - 1]?.role !== role) written += bare[role].before;
          written += spoken;
          if (prompt[i + 1]?.role !== role) written += bare[role].after;
        }
        expect(own.decode(example.ids)).toBe(written + answer);
        expect(example.ids.filter((id) => id === own.bosId)).toHaveLength(1);
        expect(example.ids.at(-1)).toBe(own.eosId);
      }),
    );
  });

  it('starts generation from exactly the prompt that training saw', () => {
    const prompt = [user('long history ', { shorten: 'start' }), user('question')];
    const example = kept({ prompt, completion: [assistant('answer')] }, { maxLength: 24 });
    expect(example.cutTokens).toBeGreaterThan(0);
    const generated = tokenizePrompt({ prompt: prompt }, { ...options, maxLength: 24, newTokens: 7 });
    expect(generated.ids).toEqual(example.ids.slice(0, example.promptLength));
    expect(generated.cutTokens).toBe(example.cutTokens);
  });
});

it('lets the answer begin the text where the prompt has none, and says so to who decodes it', () => {
  const own = tinyTokenizer({ prefixSpace: true });
  const bare: PlainLayout = { ...layout, assistant: { before: '', after: '' } };
  for (const prompt of [[], [user('q')]]) {
    const { ids, promptLength } = kept({ prompt, completion: [assistant(' a')] }, { tokenizer: own, layout: bare });
    const position = answerPosition(ids.slice(0, promptLength), own);
    expect(position).toBe(prompt.length === 0 ? 'start' : 'continuation');
    expect(own.decode(ids.slice(promptLength), position)).toBe(' a');
  }
});

describe('an example that is too long', () => {
  const prompt = [user('0123456789', { shorten: 'start' }), user('abcdefghij', { shorten: 'end' }), user('!')];
  const completion = [assistant('yes')];
  // ^ U: 0123456789 abcdefghij ! \nA: yes $ = 1 + 2 + 10 + 10 + 1 + 3 + 4 = 31 tokens
  const textAt = (maxLength: number) => tokenizer.decode(kept({ prompt, completion }, { maxLength }).ids);

  it('is cut where segments allow it, the first of them first, each on its own side', () => {
    expect(textAt(31)).toBe('U:0123456789abcdefghij!\nA:yes');
    expect(textAt(28)).toBe('U:3456789abcdefghij!\nA:yes');
    expect(textAt(17)).toBe('U:abcdef!\nA:yes');
    expect(textAt(11)).toBe('U:!\nA:yes');
    expect(kept({ prompt, completion }, { maxLength: 17 }).cutTokens).toBe(14);
    expect(kept({ prompt, completion }, { maxLength: 17 }).ids).toHaveLength(17);
  });

  it('is dropped when that is not enough', () => {
    expect(tokenizeExample({ prompt, completion }, { ...options, maxLength: 10 })).toBe('too-long');
  });

  it('is a mistake of the user when the completion alone does not fit', () => {
    expect(() => kept({ prompt, completion }, { maxLength: 4 })).toThrow(
      expect.objectContaining({
        code: 'example-too-long',
        where: 'rows.csv, row 3',
        message: expect.stringMatching(/completion.*5 tokens.*room for 4/),
      }),
    );
    expect(() => tokenizePrompt({ prompt: prompt }, { ...options, maxLength: 10, newTokens: 4 })).toThrow(
      /prompt.*7 tokens.*room for 6/,
    );
  });
});

it('drops an example that has no weight anywhere', () => {
  const example = { prompt: [user('q')], completion: [assistant('a', { weight: 0 })] };
  const weights = { promptLossWeight: 0, templateLossWeight: 0 };
  expect(tokenizeExample(example, { ...options, weights })).toBe('no-weight');
});
