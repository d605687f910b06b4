import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../errors.ts';
import { decodedText } from './decode-text.ts';

async function read(bytes: Uint8Array, path = 'x.csv', size = 7) {
  const notes: string[] = [];
  async function* pieces() {
    for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size);
  }
  let text = '';
  for await (const piece of decodedText(pieces(), path, (note) => notes.push(note))) text += piece;
  return { text, notes };
}

const utf16 = (text: string, mark: string) => Buffer.from(mark + text, 'utf16le');
const swapped = (bytes: Buffer) => Buffer.from(bytes).swap16();
const content = 'prompt;completion\r\nGrüße, 你好;😀\r\n';

describe('decodedText', () => {
  it.each<[string, Uint8Array, string[]]>([
    ['UTF-8', Buffer.from(content), []],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${content}`), []],
    ['UTF-16LE with a mark', utf16(content, '\ufeff'), ['read as UTF-16LE']],
    ['UTF-16LE without', utf16(content, ''), ['read as UTF-16LE']],
    ['UTF-16BE with a mark', swapped(utf16(content, '\ufeff')), ['read as UTF-16BE']],
    ['UTF-16BE without', swapped(utf16(content, '')), ['read as UTF-16BE']],
  ])('reads %s', async (_, bytes, notes) => {
    expect(await read(bytes, 'x.csv', bytes.length)).toEqual({ text: content, notes });
  });

  it('reads any rows of Chinese, Russian or English in UTF-16, in any pieces', async () => {
    const words = fc.string({
      unit: fc.constantFrom('一', '你', '好', 'а', 'щ', 'e', ' ', '\u0100', '😀'),
      maxLength: 30,
    });
    await fc.assert(
      fc.asyncProperty(words, words, fc.boolean(), fc.integer({ min: 60, max: 99 }), async (one, two, isBig, size) => {
        const text = `{"prompt":"${one}","completion":"${two}"}\n`;
        const bytes = utf16(text, '');
        expect((await read(isBig ? swapped(bytes) : bytes, 'x.jsonl', size)).text).toBe(text);
      }),
    );
  });

  it('takes a few zeros in UTF-8 for what they are', async () => {
    const text = `${'a'.repeat(500)}\0${'b'.repeat(500)}`;
    expect(await read(Buffer.from(text), 'x.csv', 2000)).toEqual({ text, notes: [] });
  });

  it.each([5000, 100])(
    'shows what Windows-1252 would be, with the command that converts it (pieces of %i)',
    async (size) => {
      const bytes = Buffer.from(`prompt,completion\n${'a,b\n'.repeat(2000)}Hello,a café – “ok”\n`, 'latin1');
      // latin1 of Node has no dash and no quotes: as Windows writes them.
      const windows = Buffer.from([...bytes].map((byte) => ({ 19: 0x96, 28: 0x93, 29: 0x94 })[byte] ?? byte));
      const error: UserError = await read(windows, "/data/it's here.csv.gz", size).catch((e) => e);
      expect(error).toBeInstanceOf(UserError);
      expect(error.where).toBe("/data/it's here.csv.gz, line 2002");
      expect(error.problem).toContain('caf\u00e9 \u2013 \u201cok\u201d');
      expect(error.fix).toContain(
        "gunzip -c '/data/it'\\''s here.csv.gz' | iconv -f WINDOWS-1252 -t UTF-8 | gzip > '/data/it'\\''s here-utf8.csv.gz'",
      );
      const plain: UserError = await read(windows, 'data/x.csv', size).catch((e) => e);
      expect(plain.fix).toContain('Convert it: iconv -f WINDOWS-1252 -t UTF-8 data/x.csv > data/x-utf8.csv');
    },
  );

  it.each([5000, 5010, 100])('does not convert what is UTF-8 but for a byte (pieces of %i)', async (size) => {
    const bytes = Buffer.concat([
      Buffer.from(`prompt\n${'Grüße, 你好\n'.repeat(264)}line `),
      Buffer.from([0xe9]),
      Buffer.from('t\n'),
    ]);
    const error: UserError = await read(bytes, 'x.csv', size).catch((e) => e);
    expect(error.where).toBe('x.csv, line 266');
    expect(error.problem).toBe('The file is UTF-8, but for the byte 0xE9 behind "line ".');
    expect(error.fix).not.toContain('iconv');
  });

  it('refuses half a file, and UTF-32', async () => {
    await expect(read(Buffer.from('é').subarray(0, 1))).rejects.toThrow(/ends within a character/);
    await expect(read(Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0]))).rejects.toThrow(/iconv -f UTF-32 -t UTF-8/);
    await expect(read(Buffer.from([0xff, 0xfe, 0x00, 0xd8, 0x61, 0]), 'x.csv', 6)).rejects.toThrow(/UTF-16LE/);
  });
});
