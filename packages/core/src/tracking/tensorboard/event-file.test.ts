import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { crc32c } from './crc32c.ts';
import { endEvent, purgeEvent, scalarsEvent, settingsEvent, textEvent, versionEvent } from './event-file.ts';

/** What TensorBoard itself writes (`fixtures/make-events.py`). */
const theirs: Record<string, string> = JSON.parse(
  readFileSync(new URL('fixtures/events.json', import.meta.url), 'utf8'),
);
const at = 1764500000.25;
const ours = {
  version: versionEvent(at),
  purge: purgeEvent(at, 201),
  scalars: scalarsEvent(at, 3_000_000_000, { 'train/loss': 2.5, 'train/learningRate': 0.0002 }),
  text: textEvent(at, 'run', '| a | ü |'),
  settings: settingsEvent(at, { batchSize: 8, dora: false, recipe: 'süß' }),
  end: endEvent(at, 'finished'),
};

describe('records of event files', () => {
  it.each(Object.entries(ours))('%s: the bytes that TensorBoard writes', (name, record) => {
    expect(Buffer.from(record).toString('hex')).toBe(theirs[name]);
  });

  it('have sums by the polynomial of Castagnoli', () => {
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
    expect(crc32c(new Uint8Array())).toBe(0);
  });
});
