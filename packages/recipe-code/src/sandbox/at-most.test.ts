import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { atMost } from './at-most.ts';

it('keeps to its limit, also when tasks fail, and does them all', async () => {
  const turn = atMost(3);
  let running = 0;
  let most = 0;
  const results = await Promise.allSettled(
    Array.from({ length: 20 }, (_, i) =>
      turn(async () => {
        running += 1;
        most = Math.max(most, running);
        await sleep(i % 4);
        running -= 1;
        if (i % 5 === 0) throw new Error('no');
        return i;
      }),
    ),
  );
  expect(most).toBe(3);
  expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(4);
});
