import { describe, expect, it } from 'vitest';
import { printable, UserError } from './errors.ts';

describe('what people read of an error', () => {
  it('holds nothing that acts on a terminal, wherever it comes from', () => {
    const hostile = '\u001b]0;title\u0007\u001b[2J\u009b31m\u202egnp.exe\u2069\r\u0000\u0008\u2028';
    const { message } = new UserError({ code: 'row-invalid', problem: `a${hostile}b`, where: hostile, fix: hostile });
    expect(message).toBe(printable(message));
    expect(message).toContain(
      'a\\u001b]0;title\\u0007\\u001b[2J\\u009b31m\\u202egnp.exe\\u2069\\u000d\\u0000\\u0008\\u2028b',
    );
    expect(message.split('\n')).toHaveLength(3);
  });

  it('keeps every other text as it is', () => {
    const text = 'Zwölf\tBoxkämpfer — 你好 👩‍👩‍👧 שלום\n  where: a\\b';
    expect(printable(text)).toBe(text);
  });

  it('shows half a character as its code', () => {
    expect(printable('a\ud800b')).toBe('a\\ud800b');
  });
});
