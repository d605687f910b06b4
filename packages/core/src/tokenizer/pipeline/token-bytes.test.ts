import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadTokenizer } from '../load-tokenizer.ts';
import { hardTexts } from '../test-support/hard-texts.ts';
import { tokenBytes } from './token-bytes.ts';

const stories = await loadTokenizer(fileURLToPath(new URL('../../../../../models/stories260k', import.meta.url)));

describe('the bytes of tokens', () => {
  it('are those of the text that they stand for, one behind the other', () => {
    for (const text of hardTexts(200).filter((own) => !/<(unk|s|\/s)>/.test(own))) {
      const ids = stories.encode(text, 'continuation');
      const bytes = Buffer.concat(ids.map((id) => stories.bytesOf?.(id) ?? new Uint8Array()));
      expect(bytes.toString(), JSON.stringify(text)).toBe(stories.decode(ids, 'continuation'));
    }
  });

  it('are none for special tokens', () => {
    expect(stories.bytesOf?.(stories.eosId)).toBeUndefined();
  });

  it('of a byte-level tokenizer may be parts of a character; an added token is its own text', () => {
    const bytes = tokenBytes({ type: 'ByteLevel' });
    expect(bytes?.({ text: 'ĠÃ', isAdded: false })).toEqual(Uint8Array.of(0x20, 0xc3));
    expect(bytes?.({ text: 'Ġ', isAdded: true })).toEqual(new TextEncoder().encode('Ġ'));
  });

  it('are not known where a decoder looks at what stands beside a token', () => {
    for (const type of ['WordPiece', 'BPEDecoder']) expect(tokenBytes({ type })).toBeUndefined();
    expect(tokenBytes(null)).toBeUndefined();
  });
});
