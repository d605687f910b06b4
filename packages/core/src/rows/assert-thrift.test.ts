import { describe, expect, it } from 'vitest';
import { assertThrift } from './assert-thrift.ts';

const check = (...bytes: number[]) => assertThrift(Uint8Array.from(bytes));

describe("Parquet's table of contents", () => {
  it('may hold numbers, texts, lists and structures', () => {
    // 1: i32 = 300, 2: "ab", 3: [{1: true}, {}], 40: double, 4: [i64, i64]
    const texts = [0x18, 2, 0x61, 0x62];
    const structures = [0x19, 0x2c, 0x11, 0, 0];
    const double = [0x07, 80, 0, 0, 0, 0, 0, 0, 0, 0];
    expect(() => check(0x15, 0xd8, 4, ...texts, ...structures, ...double, 0x19, 0x26, 1, 2, 0)).not.toThrow();
  });

  it.each([
    ['a list of more than there is', [0x19, 0xf5, 0xff, 0xff, 0xff, 0xff, 0x0f, 0], /claims 4294967295/],
    ['lists of lists of lists', Array<number>(500).fill(0xf9), /claims|too deep|cut short/],
    ['structures in structures', Array<number>(500).fill(0x1c), /too deep/],
    ['a text of more than there is', [0x18, 0x7f, 0], /claims 127/],
    ['no end', [0x15, 0xff], /cut short/],
    ['nothing', [], /cut short/],
    ['a map', [0x1b, 0], /kind 11/],
  ])('is refused with %s', (_, bytes, reason) => {
    expect(() => check(...bytes)).toThrow(reason);
  });
});
