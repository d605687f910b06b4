import { z } from 'zod';

export const languageSchema = z.enum(['typescript', 'javascript', 'python']);

export type Language = z.output<typeof languageSchema>;

/** A language's name in prose. */
export const nameOf: Readonly<Record<Language, string>> = {
  typescript: 'TypeScript',
  javascript: 'JavaScript',
  python: 'Python',
};

/** What models write behind the three backticks that open a block of it. */
export const fenceTags: Readonly<Record<Language, readonly string[]>> = {
  typescript: ['typescript', 'ts', 'tsx', 'javascript', 'js'],
  javascript: ['javascript', 'js', 'jsx', 'mjs', 'cjs', 'node'],
  python: ['python', 'py', 'python3', 'py3'],
};
