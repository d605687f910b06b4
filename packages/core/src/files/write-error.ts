import { resolve } from 'node:path';
import { UserError } from '../errors.ts';

interface Reason {
  readonly problem: string;
  readonly fix: string;
}

const FULL: Reason = { problem: 'There is no space left on the disk.', fix: 'Free some space, or choose another' };
const FORBIDDEN: Reason = {
  problem: 'It may not be written to.',
  fix: 'Give yourself the permission, or choose another',
};

const REASONS: Readonly<Record<string, Reason>> = {
  ENOSPC: FULL,
  EDQUOT: { ...FULL, problem: 'The quota of the disk is used up.' },
  EFBIG: { problem: 'The file system does not hold files of this size.', fix: 'Choose another' },
  EROFS: { problem: 'The file system is read-only.', fix: 'Mount it for writing, or choose another' },
  EACCES: FORBIDDEN,
  EPERM: FORBIDDEN,
  ENOTDIR: { problem: 'A part of the path is a file, where a folder was expected.', fix: 'Choose another' },
  EEXIST: { problem: 'There is a file, where a folder was expected.', fix: 'Choose another' },
  EISDIR: { problem: 'There is a folder, where a file was expected.', fix: 'Choose another' },
  ENAMETOOLONG: { problem: 'The path is too long for the file system.', fix: 'Choose another' },
  ELOOP: { problem: 'Its symbolic links lead in a circle.', fix: 'Mend them, or choose another' },
  ENOENT: { problem: 'It cannot be created, or was removed meanwhile.', fix: 'Choose another' },
  EINVAL: { problem: 'The file system does not take this path.', fix: 'Choose another' },
  EIO: { problem: 'The disk fails.', fix: 'Check it, or choose another' },
};

/** Errors of a full disk: they pass when somebody makes room. */
export const isDiskFull = (error: unknown): boolean => ['ENOSPC', 'EDQUOT'].includes(codeOf(error) ?? '');

/**
 * What kept a file or folder from being written, as a mistake that can be mended; other errors as they are.
 * @param choice what is to be chosen instead: `--output`
 * @example
 * ```ts
 * import { mkdir } from 'node:fs/promises';
 * import { explainWriteError } from '@counterweight/core/files';
 *
 * await mkdir('runs/first').catch((error: unknown) => {
 *   throw explainWriteError(error, 'runs/first', 'folder');
 * });
 * ```
 */
export function explainWriteError(error: unknown, path: string, choice: string): unknown {
  const reason = reasonOf(error);
  if (!reason) return error;
  // A copy that fails names its source first.
  const { path: from = path, dest: target = from } = error as NodeJS.ErrnoException & { dest?: string };
  return new UserError({
    code: 'output-unwritable',
    problem: reason.problem,
    where: resolve(target),
    fix: `${reason.fix} ${choice}.`,
    cause: error,
  });
}

function reasonOf(error: unknown): Reason | undefined {
  const code = codeOf(error);
  if (code === undefined || error instanceof UserError) return undefined;
  if (REASONS[code]) return REASONS[code];
  // Others come from network file systems above all: ESTALE, ETIMEDOUT.
  const fromTheSystem = (error as NodeJS.ErrnoException).syscall !== undefined;
  return fromTheSystem
    ? { problem: `The system says: ${(error as Error).message}.`, fix: 'Mend that, or choose another' }
    : undefined;
}

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
