import { describe, expect, it } from 'vitest';
import { readHeader } from './read-header.ts';

const u32 = (value: number) => Buffer.from(Uint32Array.of(value).buffer);
const u64 = (value: bigint | number) => Buffer.from(BigUint64Array.of(BigInt(value)).buffer);
const text = (value: string) => Buffer.concat([u64(Buffer.byteLength(value)), Buffer.from(value)]);
const pair = (key: string, type: number, ...value: Buffer[]) => Buffer.concat([text(key), u32(type), ...value]);
const tensor = (name: string, shape: (bigint | number)[], type: number, offset: bigint | number) =>
  Buffer.concat([text(name), u32(shape.length), ...shape.map(u64), u32(type), u64(offset)]);
const [U8, U32, BOOL, STRING, ARRAY, U64] = [0, 4, 7, 8, 9, 10];

interface Made {
  readonly pairs?: Buffer[];
  readonly tensors?: Buffer[];
  readonly counts?: { tensors?: bigint; pairs?: bigint };
  /** Bytes after the header, which is filled up to a multiple of 32. */
  readonly data?: number;
  readonly version?: number;
}

function file({ pairs = [], tensors = [], counts = {}, data = 0, version = 3 }: Made): Buffer {
  const numbers = [u32(version), u64(counts.tensors ?? tensors.length), u64(counts.pairs ?? pairs.length)];
  const header = Buffer.concat([Buffer.from('GGUF'), ...numbers, ...pairs, ...tensors]);
  return Buffer.concat([header, Buffer.alloc((32 - (header.length % 32)) % 32), Buffer.alloc(data)]);
}

/** @param longer how much larger than its bytes the file says it is */
function read(bytes: Buffer, size = bytes.length) {
  const source = {
    file: 'x.gguf',
    size,
    read: async (position: number, into: Uint8Array) => bytes.copy(into, 0, position),
    close: async () => {},
  };
  return readHeader(source);
}

const whole: Made = {
  pairs: [pair('general.architecture', STRING, text('llama')), pair('n', U64, u64(7)), pair('b', BOOL, Buffer.of(1))],
  tensors: [tensor('a', [32, 2], 8, 0), tensor('b', [3], 0, 96)],
  data: 96 + 12,
};

describe('a header', () => {
  it('is read, with shapes as PyTorch counts', async () => {
    const bytes = file(whole);
    const { metadata, tensors } = await read(bytes);
    expect([...metadata]).toEqual([
      ['general.architecture', 'llama'],
      ['n', 7],
      ['b', true],
    ]);
    const begin = bytes.length - 108;
    expect(tensors.get('a')).toMatchObject({ shape: [2, 32], type: { name: 'Q8_0' }, begin, byteLength: 68 });
    expect(tensors.get('b')).toMatchObject({ shape: [3], type: { name: 'F32' }, begin: begin + 96, byteLength: 12 });
  });

  it('may have lists, an alignment of its own, and be longer than the first piece that is read', async () => {
    const long = Buffer.alloc(3_000_000, 'é');
    const pairs = [
      pair('general.alignment', U32, u32(64)),
      pair('bytes', ARRAY, u32(U8), u64(3), Buffer.of(1, 2, 3)),
      pair('texts', ARRAY, u32(STRING), u64(2), text('x'), text('')),
      pair('large', U64, u64(2n ** 63n)),
      pair('long', STRING, u64(long.length), long),
    ];
    const header = file({ pairs, tensors: [tensor('a', [1], 0, 0)] });
    const bytes = Buffer.concat([header, Buffer.alloc(64 - (header.length % 64) + 4)]);
    const { metadata, tensors } = await read(bytes);
    expect(metadata.get('bytes')).toEqual(Uint8Array.of(1, 2, 3));
    expect(metadata.get('texts')).toEqual(['x', '']);
    expect(metadata.get('large')).toBe(2n ** 63n);
    expect(metadata.get('long')).toBe('é'.repeat(1_500_000));
    expect((tensors.get('a')?.begin ?? 1) % 64).toBe(0);
  });
});

const list = (type: number, count: bigint | number) => [pair('a', ARRAY, u32(type), u64(count))];

describe('what is not as it must be is refused, before anything of the size that it claims is allocated', () => {
  it.each<[string, Made, string]>([
    ['2⁶³ keys', { counts: { pairs: 2n ** 63n } }, 'no room for its metadata'],
    ['more keys than bytes', { counts: { pairs: 1000n } }, 'no room for its metadata'],
    ['2⁶³ tensors', { counts: { tensors: 2n ** 63n } }, 'no room for its tensors'],
    ['a text of 2⁶³ bytes', { pairs: [pair('a', STRING, u64(2n ** 63n))] }, 'the value of "a" is longer than the file'],
    ['a text beyond the file', { pairs: [pair('a', STRING, u64(500))] }, 'the value of "a" is longer than the file'],
    ['a key beyond the file', { pairs: [Buffer.concat([u64(2n ** 40n), u32(0)])] }, 'key 0 is longer than the file'],
    ['bytes that are no text', { pairs: [pair('a', STRING, u64(1), Buffer.of(255))] }, 'not UTF-8'],
    ['a list of 2⁶³', { pairs: list(U8, 2n ** 63n) }, '"a" has more items than the file has room for'],
    ['a list of 2⁴⁰', { pairs: list(U8, 2n ** 40n) }, '"a" has more items than the file has room for'],
    ['a list of texts beyond the file', { pairs: list(STRING, 50) }, 'more items than the file has room for'],
    ['lists in lists', { pairs: list(ARRAY, 1) }, 'is a list of lists'],
    ['a list of an unknown type', { pairs: list(13, 1), data: 40 }, 'a list of the unknown type 13'],
    ['a value of an unknown type', { pairs: [pair('a', 13)] }, '"a" has the unknown type 13'],
    ['neither true nor false', { pairs: [pair('a', BOOL, Buffer.of(2))] }, '"a" is neither true nor false'],
    ['a key twice', { pairs: [pair('a', U32, u32(1)), pair('a', U32, u32(1))] }, 'its metadata names "a" twice'],
    ['an alignment of 3', { pairs: [pair('general.alignment', U32, u32(3))] }, 'general.alignment'],
    ['an alignment of 0', { pairs: [pair('general.alignment', U32, u32(0))] }, 'general.alignment'],
    ['a tensor twice', { ...whole, tensors: [tensor('a', [8], 0, 0), tensor('a', [8], 0, 32)] }, '"a" twice'],
    ['overlapping tensors', { ...whole, tensors: [tensor('a', [8], 0, 0), tensor('b', [8], 0, 0)] }, '"b" overlaps'],
    ['a hole', { ...whole, tensors: [tensor('a', [8], 0, 0), tensor('b', [8], 0, 64)] }, 'a hole before tensor "b"'],
    ['a tensor beyond the file', { tensors: [tensor('a', [8], 0, 0)], data: 31 }, '"a" lies beyond the end'],
    ['a tensor of 2⁶²', { tensors: [tensor('a', [2n ** 31n, 2n ** 31n], 0, 0)] }, '"a" lies beyond the end'],
    ['a dimension of 2⁶³', { tensors: [tensor('a', [2n ** 63n, 0], 0, 0)] }, '"a" lies beyond the end'],
    ['an offset of 2⁶³', { tensors: [tensor('a', [1], 0, 2n ** 63n)] }, 'a hole before tensor "a"'],
    ['no values', { tensors: [tensor('a', [0], 0, 0)] }, '"a" has no values'],
    ['no dimensions', { tensors: [tensor('a', [], 0, 0)] }, '"a" has 0 dimensions'],
    ['2³² - 1 dimensions', { tensors: [Buffer.concat([text('a'), u32(2 ** 32 - 1), Buffer.alloc(40)])] }, 'dimensions'],
    ['half a block', { tensors: [tensor('a', [16, 2], 8, 0)], data: 99 }, 'no whole blocks of Q8_0'],
    ['version 1', { version: 1 }, 'GGUF version 1'],
    ['the other order of bytes', { version: 3 << 24 }, 'big-endian'],
    ['a type that is not read', { tensors: [tensor('a', [256], 10, 0)], data: 99 }, 'type Q2_K of tensor "a"'],
  ])('%s', async (_, made, said) => {
    const before = process.memoryUsage().arrayBuffers;
    await expect(read(file(made))).rejects.toMatchObject({
      name: 'UserError',
      where: 'x.gguf',
      problem: expect.stringContaining(said) as string,
    });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 21);
  });

  it('wherever it is cut', async () => {
    const bytes = file(whole);
    for (let length = 0; length < bytes.length; length++) {
      await expect(read(bytes.subarray(0, length))).rejects.toMatchObject({ name: 'UserError' });
    }
  });

  it('another file, and one that ends before it says', async () => {
    await expect(read(Buffer.from('PK\u0003\u0004 and so on'))).rejects.toThrow('does not begin with GGUF');
    await expect(read(file(whole), 10_000_000)).rejects.toThrow('it ends at byte');
  });
});
