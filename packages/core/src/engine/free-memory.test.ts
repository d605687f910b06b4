import { totalmem } from 'node:os';
import { expect, it } from 'vitest';
import { freeMemory } from './free-memory.ts';

it('is some of the memory that the machine has, and less once some is taken', () => {
  const before = freeMemory();
  expect(before).toBeGreaterThan(0);
  expect(before).toBeLessThanOrEqual(totalmem());
});
