import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { roleWeights, targetWeight } from '../batches/loss-weights.ts';
import type { PlainLayout, RenderedExample, Segment } from '../recipe/recipe.ts';
import { tinyTokenizer } from '../testing/tiny-tokenizer.ts';
import { answerPosition } from '../tokenizer/answer-position.ts';
import { roleName, type TokenizedExample } from './example.ts';
import { promptBudget, tokenizeExample, tokenizePrompt } from './tokenize-example.ts';

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
  maxLength: 200,
  maxNewTokens: 8,
  longAnswers: 'drop' as 'drop' | 'cut',
  where: 'rows.csv, row 3',
};

function kept(example: RenderedExample, overrides: Partial<typeof options> = {}): TokenizedExample {
  const result = tokenizeExample(example, { ...options, ...overrides });
  if (typeof result === 'string') throw new Error(`dropped: ${result}`);
  return result;
}

/** Runs of one role and weight, as `role weight "text"`, at prompt weight 0.1; BOS and EOS are ^ and $. */
function runs(example: TokenizedExample, weights = { promptLossWeight: 0.1, templateLossWeight: 0 }): string[] {
  const weighted = { ...example, roleWeights: roleWeights(weights), rowWeight: 1 };
  const result: { key: string; text: string }[] = [];
  for (const [i, id] of example.ids.entries()) {
    const key = `${roleName(example.roles[i] as number)} ${targetWeight(weighted, i)}`;
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
    expect(runs(example)).toEqual([
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
    expect(runs(example)).toEqual([
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
    expect(runs(example)).toEqual([
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
      { tokenizer: tinyTokenizer({ bos: false }) },
    );
    expect(runs(example, { promptLossWeight: 0, templateLossWeight: 0.5 })).toEqual([
      'template 0 "U"',
      'template 0.5 ":"',
      'user 0 "q"',
      'template 0.5 "\\nA:"',
      'assistant 1 "a$"',
    ]);
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
        expect(own.decode([...example.ids])).toBe(written + answer);
        expect(example.ids.filter((id) => id === own.bosId)).toHaveLength(1);
        expect(example.ids.at(-1)).toBe(own.eosId);
      }),
    );
  });

  it('starts generation from exactly the prompt that training saw, however long the answer', () => {
    const text = fc.string({ unit: fc.constantFrom('a', ' ', 'é'), maxLength: 30 });
    const anyShorten = fc.constantFrom('start', 'end', undefined);
    const turn = fc.tuple(fc.constantFrom('system', 'user', 'assistant', 'tool'), text, anyShorten);
    const room = fc.record({
      maxLength: fc.integer({ min: 12, max: 60 }),
      maxNewTokens: fc.integer({ min: 1, max: 40 }),
      longAnswers: fc.constantFrom('drop', 'cut'),
    });
    let cut = 0;
    fc.assert(
      fc.property(fc.array(turn, { maxLength: 4 }), text, room, fc.boolean(), (turns, answer, own, prefixSpace) => {
        const prompt = turns.map(([role, said, side]) => ({ role, text: said, ...(side && { shorten: side }) }));
        const all = { ...options, ...own, tokenizer: tinyTokenizer({ prefixSpace }) };
        const example = tokenizeExample({ prompt, completion: [assistant(answer)] }, all);
        if (typeof example === 'string') return;
        expect(example.ids.length).toBeLessThanOrEqual(own.maxLength);
        const asked = tokenizePrompt({ prompt }, { ...all, newTokens: 0 });
        expect(asked.ids).toEqual([...example.ids.subarray(0, example.promptLength)]);
        expect(asked.cutTokens).toBe(example.cutTokens);
        cut += Number(example.cutTokens > 0);
      }),
      { seed: 1, numRuns: 500 },
    );
    expect(cut).toBeGreaterThan(50);
  });
});

it('lets the answer begin the text where the prompt has none, and says so to who decodes it', () => {
  const own = tinyTokenizer({ prefixSpace: true });
  const bare: PlainLayout = { ...layout, assistant: { before: '', after: '' } };
  for (const prompt of [[], [user('q')]]) {
    const { promptLength, ...example } = kept(
      { prompt, completion: [assistant(' a')] },
      { tokenizer: own, layout: bare },
    );
    const ids = [...example.ids];
    const position = answerPosition(ids.slice(0, promptLength), own);
    expect(position).toBe(prompt.length === 0 ? 'start' : 'continuation');
    expect(own.decode(ids.slice(promptLength), position)).toBe(' a');
  }
});

describe('a prompt that is too long', () => {
  const prompt = [user('0123456789', { shorten: 'start' }), user('abcdefghij', { shorten: 'end' }), user('!')];
  // ^ U: 0123456789 abcdefghij ! \nA: = 1 + 2 + 10 + 10 + 1 + 3 = 27 tokens; yes $ are 4 more.
  const textAt = (maxLength: number, answer = 'yes') =>
    tokenizer.decode([...kept({ prompt, completion: [assistant(answer)] }, { maxLength }).ids]);

  it('is cut where segments allow it, the first of them first, each on its own side, to leave room for an answer', () => {
    // 8 tokens are generated at most: that much is left to the answer, whatever it is.
    expect(textAt(35)).toBe('U:0123456789abcdefghij!\nA:yes');
    expect(textAt(32)).toBe('U:3456789abcdefghij!\nA:yes');
    expect(textAt(32, 'Yes.')).toBe('U:3456789abcdefghij!\nA:Yes.');
    expect(textAt(21)).toBe('U:abcdef!\nA:yes');
    expect(kept({ prompt, completion: [assistant('yes')] }, { maxLength: 21 }).cutTokens).toBe(14);
  });

  it('has half of the length at least', () => {
    expect(promptBudget({ maxLength: 20, maxNewTokens: 300 })).toBe(10);
    expect(promptBudget({ maxLength: 20, maxNewTokens: 3 })).toBe(17);
  });

  it('drops the row when nothing in it may be cut, but not where all of it fits', () => {
    const whole = { prompt: [user('0123456789')], completion: [assistant('yes')] };
    expect(kept(whole, { maxLength: 20 }).ids).toHaveLength(20);
    expect(tokenizeExample(whole, { ...options, maxLength: 19 })).toBe('too-long');
    expect(tokenizeExample(whole, { ...options, maxLength: 19, longAnswers: 'cut' })).toBe('too-long');
  });

  it('is a mistake of the user where it is all there is', () => {
    const asked = { prompt: [user('0123456789')] };
    expect(() => tokenizePrompt(asked, { ...options, maxLength: 20 })).toThrow(
      expect.objectContaining({
        code: 'example-too-long',
        where: 'rows.csv, row 3',
        message: expect.stringMatching(/prompt.*16 tokens.*room for 12/),
      }),
    );
    // Fewer tokens leave it more room.
    expect(tokenizePrompt(asked, { ...options, maxLength: 20, newTokens: 4 }).ids).toHaveLength(16);
  });

  it('never loses what the assistant said, whose end is learnt', () => {
    const said = [user('q'), assistant('a long answer', { shorten: 'end' }), user('again')];
    const row = { prompt: said, completion: [assistant('yes')] };
    expect(runs(kept(row))).toContain('assistant 1 "a long answer$"');
    expect(tokenizeExample(row, { ...options, maxLength: 30 })).toBe('too-long');
  });
});

describe('an answer that is too long', () => {
  const row = { prompt: [user('q')], completion: [assistant('0123456789')] };
  // ^ U: q \nA: = 7 tokens, 10 of the answer and $.

  it('has whatever the prompt leaves, more than is generated too', () => {
    expect(kept(row, { maxLength: 18, maxNewTokens: 4 }).ids).toHaveLength(18);
  });

  it('drops the row, or is cut where that is asked for, and then has no end to learn', () => {
    expect(tokenizeExample(row, { ...options, maxLength: 17 })).toBe('answer-too-long');
    const cut = kept(row, { maxLength: 14, longAnswers: 'cut' });
    expect(runs(cut).at(-1)).toBe('assistant 1 "0123456"');
    expect(cut.cutAnswerTokens).toBe(4);
    // The prompt is the one that generation starts from.
    expect([...cut.ids.subarray(0, cut.promptLength)]).toEqual(tokenizePrompt(row, { ...options, maxLength: 14 }).ids);
    expect(kept(row, { maxLength: 17, longAnswers: 'cut' }).ids.at(-1)).not.toBe(tokenizer.eosId);
  });
});
