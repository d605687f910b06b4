import { open as openFile, readFile, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test-support/folder.ts';
import { writeSafetensors } from '../../test-support/write-safetensors.ts';
import { openSafetensors } from './safetensors.ts';

const path = temporaryFolder();

/** A file by hand: length, header, data. */
async function craft(
  header: unknown,
  data: Uint8Array,
  { headerLength }: { headerLength?: bigint } = {},
): Promise<string> {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, headerLength ?? BigInt(json.length), true);
  const file = path('crafted.safetensors');
  await writeFile(file, Buffer.concat([length, json, data]));
  return file;
}

async function readCrafted(header: unknown, data: Uint8Array, name = 'x'): Promise<number[]> {
  const opened = await openSafetensors(await craft(header, data));
  try {
    return [...(await opened.read(name))];
  } finally {
    await opened.close();
  }
}

const x = (dtype: string, shape: number[], end: number) => ({ x: { dtype, shape, data_offsets: [0, end] } });

describe('safetensors', () => {
  const tensor = fc
    .tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 1, max: 3 }))
    .chain(([rows, columns]) =>
      fc
        .array(fc.float(), { minLength: rows * columns, maxLength: rows * columns })
        .map((values) => ({ shape: [rows, columns], values: Float32Array.from(values) })),
    );
  const name = fc.stringMatching(/^[a-zä]+(\.[a-z0-9]+){0,3}$/);

  it('reads what it wrote, bit for bit, with data that begins at a multiple of 8', async () => {
    const file = path('round-trip.safetensors');
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.tuple(name, tensor), { selector: ([key]) => key, maxLength: 4 }),
        async (entries) => {
          await writeSafetensors(file, new Map(entries));
          const opened = await openSafetensors(file);
          expect([...opened.tensors.keys()].sort()).toEqual(entries.map(([key]) => key).sort());
          for (const [key, { shape, values }] of entries) {
            expect(opened.tensors.get(key)?.shape).toEqual(shape);
            expect(Object.is(opened.tensors.get(key)?.dtype, 'F32')).toBe(true);
            expect(await opened.read(key)).toEqual(values);
          }
          await opened.close();
          expect((await readFile(file)).readBigUInt64LE(0) % 8n).toBe(0n);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('writes a part of a longer array without the rest', async () => {
    const file = path('part.safetensors');
    const values = Float32Array.of(1, 2, 3, 4, 5).subarray(1, 4);
    await writeSafetensors(file, new Map([['x', { shape: [3], values }]]));
    const opened = await openSafetensors(file);
    expect([...(await opened.read('x'))]).toEqual([2, 3, 4]);
    await opened.close();
  });

  it('widens f16 and bf16', async () => {
    expect(await readCrafted(x('F16', [2], 4), Uint8Array.of(0x00, 0x3c, 0x55, 0x35))).toEqual([1, 0.333251953125]);
    expect(await readCrafted(x('BF16', [2], 4), Uint8Array.of(0x80, 0x3f, 0x49, 0x40))).toEqual([1, 3.140625]);
  });

  it('keeps the metadata apart from the tensors', async () => {
    const header = { __metadata__: { format: 'pt' }, ...x('F32', [], 4) };
    expect(await readCrafted(header, new Uint8Array(Float32Array.of(7).buffer))).toEqual([7]);
  });
});

describe('a file that is not whole', () => {
  const invalid = (problem: string) => ({ code: 'model-invalid', message: expect.stringContaining(problem) as string });
  const open = async (...crafted: Parameters<typeof craft>) => openSafetensors(await craft(...crafted));

  it('is refused when it is not there', async () => {
    const where = path('nowhere.safetensors');
    await expect(openSafetensors(where)).rejects.toMatchObject({ name: 'UserError', where });
  });

  it('is refused when it is shorter than the length of its header', async () => {
    const file = path('short.safetensors');
    await writeFile(file, new Uint8Array(5));
    await expect(openSafetensors(file)).rejects.toMatchObject({ ...invalid('it ends at byte 5'), where: file });
  });

  it.each([2n ** 63n, 100n])('is refused when it claims a header of %d bytes', async (headerLength) => {
    await expect(open({}, new Uint8Array(), { headerLength })).rejects.toMatchObject(invalid('longer than the file'));
  });

  it.each(['{"x": ', 'null', '7'])('is refused when its header is %s', async (header) => {
    await expect(open(header, new Uint8Array())).rejects.toMatchObject(invalid('header'));
  });

  it('is refused when its header describes something else', async () => {
    await expect(open({ x: { dtype: 'F32' } }, new Uint8Array())).rejects.toMatchObject(
      invalid('does not describe tensors'),
    );
  });

  it.each([
    [0, 12],
    [8, 4],
    [-4, 4],
  ])('is refused when a tensor lies from %d to %d of 8 bytes', async (...data_offsets) => {
    const header = { x: { dtype: 'F32', shape: [1], data_offsets } };
    await expect(open(header, new Uint8Array(8))).rejects.toMatchObject({ code: 'model-invalid' });
  });

  it('is refused when bytes and shape do not go together', async () => {
    await expect(open(x('F32', [3], 8), new Uint8Array(8))).rejects.toMatchObject(invalid('"x" has the wrong length'));
    await expect(open(x('I64', [2], 8), new Uint8Array(8))).rejects.toMatchObject(invalid('"x" has the wrong length'));
    const wide = Array<number>(30).fill(Number.MAX_SAFE_INTEGER);
    await expect(open(x('F32', wide, 8), new Uint8Array(8))).rejects.toMatchObject(invalid('"x" has the wrong length'));
  });

  // As the reference reader has it, whose tests these are.
  const one = (...data_offsets: number[]) => ({ dtype: 'F32', shape: [1], data_offsets });
  it.each([
    [{ a: one(0, 4), b: one(0, 4) }, 4, 'tensor "b" overlaps'],
    [{ a: { ...one(0, 8), shape: [2] }, b: one(4, 8) }, 8, 'tensor "b" overlaps'],
    [{ a: one(0, 4), b: one(8, 12) }, 12, 'a hole before tensor "b"'],
    [{ a: one(4, 8) }, 8, 'a hole before tensor "a"'],
    [{ a: one(0, 4) }, 7, '3 bytes follow the last tensor'],
    [{}, 1, '1 bytes follow'],
    [`{"a":${JSON.stringify(one(0, 4))},"a":${JSON.stringify(one(0, 4))}}`, 4, 'names "a" twice'],
    [{ a: { ...one(0, 4), shape: [-1] } }, 4, 'does not describe tensors ("a")'],
  ] as const)('is refused when its tensors do not lie side by side: %j in %d bytes', async (header, length, said) => {
    await expect(open(header, new Uint8Array(length))).rejects.toMatchObject(invalid(said));
  });

  it('is refused when its header is longer than any', async () => {
    const file = path('long.safetensors');
    const handle = await openFile(file, 'w');
    await handle.write(Buffer.from(BigUint64Array.of(100_000_001n).buffer));
    await handle.truncate(200_000_000);
    await handle.close();
    await expect(openSafetensors(file)).rejects.toMatchObject(invalid('longer than 100000000 bytes'));
  });

  it('is refused when it is a folder', async () => {
    const where = path('.');
    await expect(openSafetensors(where)).rejects.toMatchObject({ code: 'model-invalid', where });
  });

  it('may hold tensors without values, and in any order', async () => {
    const header = { b: one(0, 4), a: { ...one(4, 4), shape: [0] }, c: one(4, 8) };
    const opened = await open(header, new Uint8Array(Float32Array.of(1, 2).buffer));
    expect([...(await opened.read('c')), ...(await opened.read('a'))]).toEqual([2]);
    await opened.close();
  });

  it('is refused when a tensor has a type we do not read', async () => {
    await expect(readCrafted(x('I8', [4], 4), new Uint8Array(4))).rejects.toMatchObject({
      code: 'model-unsupported',
      message: expect.stringContaining('stored as I8') as string,
    });
  });
});
