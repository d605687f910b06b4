import { closeSync, mkdirSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { counterweightHome } from '../home.ts';

/** An open file: it is closed when nothing reads from it any more, for as long as something does it is this object's. */
export interface TemporaryFile {
  readonly descriptor: number;
}

/** The folder of Counterweight, because the system's own for what is temporary may be memory; then that one. */
const temporaryFolders = (): string[] => [join(counterweightHome(), 'cache', 'examples'), tmpdir()];

/**
 * A file that is gone from its folder as soon as it is open; where that can't be, when the process ends.
 * @param folders where it may lie: the first that can be written to is taken
 */
export function openTemporaryFile(
  [parent = tmpdir(), ...others]: readonly string[] = temporaryFolders(),
): TemporaryFile {
  try {
    return openIn(parent);
  } catch (error) {
    if (others.length === 0) throw error;
    return openTemporaryFile(others);
  }
}

export function writeTemporary({ descriptor }: TemporaryFile, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(descriptor, bytes, written);
}

/** Fills the array with what stands at that place. */
export function readTemporary({ descriptor }: TemporaryFile, into: Uint8Array, position: number): void {
  for (let done = 0; done < into.length; ) {
    const count = readSync(descriptor, into, done, into.length - done, position + done);
    if (count === 0) throw new Error('A temporary file is shorter than it was.');
    done += count;
  }
}

function openIn(parent: string): TemporaryFile {
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'counterweight-'));
  const descriptor = openSync(join(folder, 'temporary'), 'wx+');
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    remove();
  } catch {
    process.once('exit', () => {
      closeSync(descriptor);
      remove();
    });
  }
  const file = { descriptor };
  closers.register(file, descriptor);
  return file;
}

/** Closes a file that nothing holds any more. */
const closers = new FinalizationRegistry<number>((descriptor) => closeSync(descriptor));
