import { expect, it } from 'vitest';
import { openClock } from './clock.ts';

it('gives no time twice, and none before another, whatever the machine’s clock does', () => {
  let now = Date.parse('2026-01-01T00:00:00.000Z');
  const clock = openClock(['2026-01-01T00:00:00.004Z', '2025-01-01T00:00:00.000Z'], () => now);
  expect(clock()).toBe('2026-01-01T00:00:00.005Z');
  expect(clock()).toBe('2026-01-01T00:00:00.006Z');
  now += 1000;
  expect(clock()).toBe('2026-01-01T00:00:01.000Z');
  now -= 5000;
  expect(clock()).toBe('2026-01-01T00:00:01.001Z');
});
