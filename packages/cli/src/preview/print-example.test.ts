import { stripVTControlCharacters } from 'node:util';
import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { printExample, weightMark } from './print-example.ts';

const example = {
  ids: [1, 20, 21, 22, 23, 24, 2],
  weights: [0, 0.1, 0.1, 0, 0, 1, 1],
  roles: ['bos', 'user', 'user', 'template', 'template', 'assistant', 'assistant'],
  pieces: ['', 'My', ' card', '\n', 'Problem:', ' lost', ''],
  text: 'My card\nProblem: lost',
};
const plain = { colors: pc.createColors(false), columns: 80 };

describe('printExample', () => {
  it('is readable without colours: weight, mark and role in the margin, a line between tokens', () => {
    expect(printExample(example, 1, plain)).toBe(
      [
        'Row 1  7 tokens, total weight 2.2',
        '      0 · bos        │ ⟨bos⟩',
        '    0.1 ░ user       │ My│ card',
        '      0 · template   │ ↵',
        '                     │ Problem:',
        '      1 █ assistant  │  lost│⟨eos⟩',
        '',
      ].join('\n'),
    );
  });

  it('says the same in colours', () => {
    const colored = printExample(example, 1, { ...plain, colors: pc.createColors(true) });
    expect(colored).toContain('\u001b[36mMy\u001b[39m');
    expect(colored).toContain('\u001b[1m\u001b[32m lost\u001b[39m\u001b[22m');
    expect(stripVTControlCharacters(colored)).toBe(printExample(example, 1, plain));
  });

  it('breaks long lines between tokens, within the width', () => {
    const pieces = Array.from({ length: 40 }, (_, i) => ` word${i}`);
    const long = {
      ids: pieces.map((_, i) => i),
      weights: pieces.map(() => 1),
      roles: pieces.map(() => 'assistant'),
      pieces,
      text: pieces.join(''),
    };
    const lines = printExample(long, 2, { ...plain, columns: 60 })
      .trimEnd()
      .split('\n')
      .slice(1);
    expect(lines.length).toBeGreaterThan(5);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60);
    expect(
      lines
        .map((line) => line.slice(23))
        .join('')
        .replaceAll('│', ''),
    ).toBe(pieces.join(''));
  });

  it('shows control characters, so that a row cannot steer the terminal', () => {
    const row = { ids: [5], weights: [1], roles: ['user'], pieces: ['\u001b[2J\u009b'], text: '' };
    expect(printExample(row, 1, plain)).toContain('␛[2J⟨U+009B⟩');
  });
});

describe('weightMark', () => {
  it('grows with the weight', () => {
    expect([0, 0.01, 0.25, 0.5, 1, 2].map(weightMark).join('')).toBe('·░▒▓██');
  });
});
