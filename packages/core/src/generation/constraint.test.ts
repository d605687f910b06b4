import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openEngine } from '../engine/open-engine.ts';
import { createRandom } from '../random.ts';
import { tinyConfig, tinyDecoder } from '../test-support/tiny-model.ts';
import { tinyTokenizer } from '../testing/tiny-tokenizer.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { answerConstraint, type Constraint } from './constraint.ts';
import { generateIds } from './generate-ids.ts';

const tokenizer = tinyTokenizer();
const { eosId } = tokenizer;

/** Writes what chance takes of what is allowed, to the end. Undefined where nothing was allowed at some point. */
function writeByChance(start: Constraint, room: number, seed: number): number[] | undefined {
  const random = createRandom(seed);
  const ids: number[] = [];
  for (let constraint = start; ; ) {
    const allowed = constraint.allowed(room - ids.length);
    if (allowed.length === 0) return undefined;
    const id = allowed[random.integer(allowed.length)] as number;
    if (id === eosId) return ids;
    ids.push(id);
    constraint = constraint.after(id);
    // No room left: generation stops here, with end-of-sequence or without.
    if (ids.length === room) return constraint.allowed(0).includes(eosId) ? ids : undefined;
  }
}

/** Whether an output can be written token by token. */
function accepts(constraint: Constraint, ids: readonly number[], room = 1000): boolean {
  const [id = eosId, ...rest] = ids;
  if (!constraint.allowed(room).includes(id)) return false;
  return ids.length === 0 || accepts(constraint.after(id), rest, room - 1);
}

// Few letters, separator among them: texts that begin alike, contain each other, and contain the separator.
const texts = fc.uniqueArray(fc.string({ unit: fc.constantFrom('a', 'b', ','), minLength: 1, maxLength: 4 }), {
  minLength: 1,
  maxLength: 6,
});

describe('one answer of a set', () => {
  it('allows each text of the set, and nothing else', () => {
    fc.assert(
      fc.property(texts, fc.string({ unit: fc.constantFrom('a', 'b', ','), maxLength: 5 }), (set, other) => {
        const constraint = answerConstraint({ texts: set }, tokenizer)('start');
        for (const text of set) expect(accepts(constraint, tokenizer.encode(text, 'start'))).toBe(true);
        expect(accepts(constraint, tokenizer.encode(other, 'start'))).toBe(set.includes(other));
      }),
    );
  });

  it('ends in a text of the set within the room there is, wherever chance leads', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 0, max: 6 }), fc.nat(), (set, room, seed) => {
        const ids = writeByChance(answerConstraint({ texts: set }, tokenizer)('start'), room, seed);
        const fits = set.some((text) => text.length <= room);
        expect(ids !== undefined && set.includes(tokenizer.decode(ids))).toBe(fits && room > 0);
      }),
    );
  });
});

describe('several answers of a set', () => {
  /** All ways to write different texts one after the other. */
  const outputsOf = (set: readonly string[], separator: string): Set<string> => {
    const outputs = new Set<string>();
    const grow = (soFar: readonly string[]) => {
      if (soFar.length > 0) outputs.add(soFar.join(separator));
      for (const text of set) if (!soFar.includes(text)) grow([...soFar, text]);
    };
    grow([]);
    return outputs;
  };
  const few = texts.map((set) => set.slice(0, 4));
  const separators = fc.constantFrom(',', ', ', 'ab', 'a');

  it('allows every arrangement without a repetition, whatever texts and separator have in common', () => {
    fc.assert(
      fc.property(few, separators, (set, separator) => {
        const constraint = answerConstraint({ texts: set, separator }, tokenizer)('start');
        const outputs = [...outputsOf(set, separator)];
        for (const output of outputs) expect(accepts(constraint, tokenizer.encode(output, 'start')), output).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('ends in such an arrangement within the room there is, wherever chance leads', () => {
    fc.assert(
      fc.property(few, separators, fc.integer({ min: 4, max: 20 }), fc.nat(), (set, separator, room, seed) => {
        const ids = writeByChance(answerConstraint({ texts: set, separator }, tokenizer)('start'), room, seed);
        expect(outputsOf(set, separator)).toContain(tokenizer.decode(ids as number[]));
      }),
    );
  });
});

it('ends with the words with which a chat template ends answers, where it does', () => {
  const ending: Tokenizer = { ...tokenizer, endWords: '[end]' };
  fc.assert(
    fc.property(texts, fc.nat(), fc.integer({ min: 10, max: 30 }), (set, seed, room) => {
      const constraint = answerConstraint({ texts: set, separator: '[' }, ending)('start');
      const [text] = set as [string];
      expect(accepts(constraint, ending.encode(`${text}[end]`, 'start'))).toBe(true);
      expect(accepts(constraint, ending.encode(text, 'start'))).toBe(false);
      const written = ending.decode(writeByChance(constraint, room, seed) as number[]);
      expect(written).toMatch(/^[^e]*\[end\]$/);
      expect(set).toEqual(expect.arrayContaining(written.slice(0, -'[end]'.length).split('[')));
    }),
  );
});

it('tokenizes each text as it stands there: the first one may begin the whole, the others never do', () => {
  const spaced = tinyTokenizer({ prefixSpace: true });
  const constraint = answerConstraint({ texts: ['a', 'b'], separator: ',' }, spaced);
  const pieces = (position: 'start' | 'continuation') => [
    ...spaced.encode('b', position),
    ...spaced.encode(',', 'continuation'),
    ...spaced.encode('a', 'continuation'),
  ];
  expect(accepts(constraint('start'), pieces('start'))).toBe(true);
  expect(accepts(constraint('continuation'), pieces('continuation'))).toBe(true);
  expect(accepts(constraint('start'), pieces('continuation'))).toBe(false);
});

it('takes texts that a tokenizer cannot tell apart for one', () => {
  const deaf: Tokenizer = { ...tokenizer, encode: (text) => tokenizer.encode(text.toLowerCase(), 'start') };
  const constraint = answerConstraint({ texts: ['a', 'A', 'b'], separator: ',' }, deaf)('start');
  expect(accepts(constraint, deaf.encode('a,b', 'start'))).toBe(true);
  expect(accepts(constraint, deaf.encode('a,A', 'start'))).toBe(false);
});

it.each([[{ texts: [] }], [{ texts: ['a', ''] }], [{ texts: ['a'], separator: '' }]])('refuses %j', (answers) => {
  expect(() => answerConstraint(answers, tokenizer)).toThrow(/set that is empty/);
});

describe('a model under a constraint', () => {
  // Ids below the tiny model's vocabulary of 37: letters from "A" on are out of its reach, so the bytes are shifted.
  const shifted: Tokenizer = {
    ...tokenizer,
    vocabularySize: tinyConfig.vocabularySize,
    encode: (text) => Array.from(text, (letter) => letter.charCodeAt(0) - 94),
    decode: (ids) => ids.map((id) => String.fromCharCode(id + 94)).join(''),
  };
  const set = ['abc', 'abd', 'cab', 'd'];
  const prompts = [[1, 5], [1, 9, 7, 8], [1], [1, 30]];

  it('writes answers of the set only, greedily and by chance, beside others that may write anything', async () => {
    await openEngine('wasm');
    const decoder = tinyDecoder({ train: 'nothing' });
    const constraint = answerConstraint({ texts: set, separator: 'z' }, shifted)('continuation');
    const constraints = prompts.map((_, i) => (i === 3 ? undefined : constraint));
    const free = await generateIds(decoder, [prompts[3] as number[]], { eosId, maxNewTokens: 8 });
    for (const temperature of [0, 1.5]) {
      const random = createRandom(3).uniform;
      const options = { eosId, maxNewTokens: [8, 4, 3, 8], random, constraints };
      const outputs = await generateIds(decoder, prompts, { ...options, temperature });
      for (const [i, ids] of outputs.slice(0, 3).entries()) {
        const answers = shifted.decode(ids).split('z');
        expect(set).toEqual(expect.arrayContaining(answers));
        expect(new Set(answers).size).toBe(answers.length);
        expect(ids.length).toBeLessThanOrEqual(options.maxNewTokens[i] as number);
      }
      if (temperature === 0) expect(outputs[3]).toEqual(free[0]);
    }
    decoder.parameters.dispose();
  });

  it('writes nothing where no answer has room', async () => {
    await openEngine('wasm');
    const decoder = tinyDecoder({ train: 'nothing' });
    const constraints = [answerConstraint({ texts: ['abc'] }, shifted)('continuation')];
    expect(await generateIds(decoder, [[1]], { eosId, maxNewTokens: 2, constraints })).toEqual([[]]);
    decoder.parameters.dispose();
  });
});
