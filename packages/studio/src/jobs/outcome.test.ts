import { describe, expect, it } from 'vitest';
import { outcomeIn } from './outcome.ts';

describe('what a command came to', () => {
  it('is its last line', () => {
    expect(outcomeIn('printed by a recipe\n{"run":"/runs/first","steps":3}\n')).toEqual({
      result: { run: '/runs/first', steps: 3 },
    });
    expect(outcomeIn('{"error":{"code":"option-invalid","message":"No.","signal":"x"}}\n')).toEqual({
      error: { code: 'option-invalid', message: 'No.' },
    });
  });

  it('is nothing where it was ended before', () => {
    for (const printed of ['', '\n', 'Loading …', '{"run":"/ru', '3', 'null', '[]']) {
      expect(outcomeIn(printed)).toBeUndefined();
    }
  });
});
