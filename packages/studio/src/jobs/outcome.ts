import { readFile } from 'node:fs/promises';
import type { Outcome } from './job-status.ts';

/** What a command came to, from what it printed; undefined where it was ended before it said so. */
export function outcomeIn(printed: string): Outcome | undefined {
  const last = printed.trimEnd().split('\n').at(-1) ?? '';
  const value = parse(last);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { error } = value as { error?: { code?: unknown; message?: unknown } };
  if (error === undefined) return { result: value as Record<string, unknown> };
  return { error: { code: String(error?.code), message: String(error?.message) } };
}

/** The same from its file. */
export const readOutcome = async (file: string): Promise<Outcome | undefined> =>
  outcomeIn(
    await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    }),
  );

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
