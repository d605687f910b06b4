import { describe, expect, it } from 'vitest';
import { learning, runPage } from './run-page.ts';

describe.each(learning)('%s', { timeout: 900_000 }, (page) => {
  it('runs with the small model, and prints what it says', () => {
    const { ran, status, printed } = runPage(page);
    expect(status, printed.slice(-3000)).toBe(0);
    expect(ran.length).toBeGreaterThan(0);
    for (const { said, printed: text } of ran) {
      const missing = (said?.code ?? '').split('\n').filter((line) => !text.includes(line));
      expect(missing, text).toEqual([]);
    }
  });
});
