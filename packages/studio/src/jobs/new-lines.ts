import { open } from 'node:fs/promises';

/** Of a file that has grown by more than this, only so much of its end is read. */
export const TAIL_BYTES = 65_536;

const NEWLINE = 0x0a;

/**
 * Reads what has been added to a file of lines since the last time. Its cost is that of what is new, and never more than that of
 * the tail: of a long file that is read for the first time, and of one that grew faster than it was read, the
 * lines before are left out.
 * @returns whole lines; one that is half written comes when it is whole
 */
export function openLineReader(file: string): () => Promise<string[]> {
  /** Up to here all is read; it is where a line begins. */
  let offset = 0;
  return async () => {
    const handle = await open(file).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (!handle) return [];
    try {
      const { size } = await handle.stat();
      // It was begun anew.
      if (size < offset) offset = 0;
      const from = Math.max(offset, size - TAIL_BYTES);
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - from), 0, size - from, from);
      const bytes = buffer.subarray(0, bytesRead);
      // Of what begins in the middle of a line, that line is no whole one.
      const begin = from === offset ? 0 : bytes.indexOf(NEWLINE) + 1;
      const end = bytes.lastIndexOf(NEWLINE) + 1;
      if (end <= begin) return [];
      offset = from + end;
      return bytes.toString('utf8', begin, end - 1).split('\n');
    } finally {
      await handle.close();
    }
  };
}
