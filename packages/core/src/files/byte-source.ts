import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { UserError } from '../errors.ts';

/** Node reads less than 2 GiB at once. */
const LONGEST_READ = 2 ** 30;

/** Bytes that are read by range. */
export interface ByteSource {
  /** For messages. */
  readonly file: string;
  readonly size: number;
  /** Fills `bytes`, or a beginning of them, from `position` on. @returns how many; 0 at the end */
  read(position: number, bytes: Uint8Array): Promise<number>;
  close(): Promise<void>;
}

/** @throws {UserError} `model-invalid` when there is no such file, or it can't be read */
export async function openByteSource(file: string): Promise<ByteSource> {
  if (!existsSync(file)) {
    throw new UserError({
      code: 'model-invalid',
      problem: 'There is no such file.',
      where: file,
      fix: 'Copy or download the whole model again.',
    });
  }
  const explained = (cause: NodeJS.ErrnoException) => {
    throw unreadable(file, cause);
  };
  const handle = await open(file, 'r').catch(explained);
  return {
    file,
    size: (await handle.stat()).size,
    async read(position, bytes) {
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, position).catch(explained);
      return bytesRead;
    },
    close: () => handle.close(),
  };
}

/**
 * Fills all of `bytes`.
 * @param cut makes the error for a source that ends, at a byte, before they are full
 */
export async function fillFrom(
  { read }: Pick<ByteSource, 'read'>,
  { position, bytes, cut }: { position: number; bytes: Uint8Array; cut: (at: number) => Error },
): Promise<Uint8Array> {
  for (let done = 0; done < bytes.length; ) {
    const more = await read(position + done, bytes.subarray(done, done + LONGEST_READ));
    if (more === 0) throw cut(position + done);
    done += more;
  }
  return bytes;
}

const unreadable = (file: string, cause: NodeJS.ErrnoException): UserError =>
  new UserError({
    code: 'model-invalid',
    problem: `The file can't be read (${cause.code}).`,
    where: file,
    fix: 'Check that it is a file, and that you may read it.',
    cause,
  });
