import { describe, expect, it } from 'vitest';
import { bytes, counted, duration, nats, percent, short, table } from './format.ts';

describe('format', () => {
  it('writes numbers as people read them', () => {
    expect([counted(1, 'row'), counted(4000, 'row')]).toEqual(['1 row', '4,000 rows']);
    expect([bytes(512), bytes(1_040_000), bytes(13_400_000_000)]).toEqual(['512 B', '1.0 MB', '13.4 GB']);
    expect([duration(7.4), duration(760), duration(3723), duration(Number.POSITIVE_INFINITY)]).toEqual([
      '0:07',
      '12:40',
      '1:02:03',
      '–',
    ]);
    expect([short(0.1), short(1), short(0.30000000000000004), short(0.0123456)]).toEqual(['0.1', '1', '0.3', '0.0123']);
    expect([nats(null), nats(1.23456), percent(0.359)]).toEqual(['–', '1.2346', '35.9 %']);
  });

  it('lines up columns by what is seen, colours and wide characters included', () => {
    const rows = [
      ['\u001b[1ma\u001b[22m', '1'],
      ['你好', '10'],
    ];
    expect(table(rows, 1)).toBe('  \u001b[1ma\u001b[22m      1\n  你好  10\n');
  });
});
