import { describe, expect, it } from 'vitest';
import { layerPatterns } from './match-layers.ts';

const compile = layerPatterns().end;
const layer = (i: number, name = 'q_proj') => `model.layers.${i}.self_attn.${name}`;

describe('a pattern of PEFT', () => {
  // What Python's re.match(rf"(.*\.)?({pattern})$", name) says.
  it.each([
    ['q_proj', layer(3), true],
    ['q_proj', 'q_proj', true],
    ['q_proj', layer(3, 'my_q_proj'), false],
    ['proj', layer(3), false],
    ['layers.3.self_attn.q_proj', layer(3), true],
    ['layers.3.self_attn.q_proj', layer(13), false],
    ['layers.3.self_attn.q_proj', 'model.layersx3.self_attn.q_proj', true],
    [layer(3), layer(3), true],
    ['.*\\.(q|v)_proj', layer(3), true],
    ['.*\\.(q|v)_proj', layer(3, 'k_proj'), false],
    ['^model\\.layers\\.[0-3]\\..*q_proj$', layer(2), true],
    ['^model\\.layers\\.[0-3]\\..*q_proj$', layer(4), false],
    ['^model\\.layers\\.[0-3]\\..*q_proj$', `base.${layer(2)}`, false],
    ['layers\\.(?:0|1|2)\\.self_attn\\.(?P<which>[qk])_proj', layer(2, 'k_proj'), true],
    ['layers\\.\\d+\\.mlp\\.down_proj|lm_head', 'lm_head', true],
    ['(?i)Q_PROJ', layer(0), true],
    ['layers\\.\\d{1,2}\\.self_attn\\.[qk]_proj', layer(10), true],
    ['', 'anything.', true],
  ])('%j for %s: %s', (pattern, name, fits) => {
    expect(compile(pattern)(name)).toBe(fits);
  });

  it('that would keep a backtracking engine busy for ever is matched at once', () => {
    expect(compile('((.*)*)*x')(layer(0))).toBe(false);
    expect(compile('(a+)+$')(`${'a'.repeat(1000)}b`)).toBe(false);
  });

  it.each([
    ['(a', /missing closing/],
    ['[[[[q_proj', /missing closing/],
    ['(?=q)q_proj', /unsupported/],
    ['(q)\\1', /invalid escape/],
    ['(a{1000}){1000}', /repeats too much/],
    [`(${'a'.repeat(100)}){1000}`, /repeats too much/],
    ['|'.repeat(1001), /longer than 1000/],
  ])('%j is refused', (pattern, reason) => {
    expect(() => compile(pattern)).toThrow(reason);
  });

  it('is refused where matching it with every layer would take too long', () => {
    const fits = layerPatterns().end('(.*a){200}y');
    const matchAll = () => {
      for (let i = 0; i < 10_000; i++) fits(layer(i));
    };
    expect(matchAll).toThrow(/take too long/);
  });
});
