import { readFile } from 'node:fs/promises';
import { UserError } from '@counterweight/core';

/** @throws {UserError} `file-not-found` */
export async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    throw new UserError({
      code: 'file-not-found',
      problem: 'This page is not written yet.',
      where: path,
      fix: 'Wait until it is done.',
    });
  }
}
