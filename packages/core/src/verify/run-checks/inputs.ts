import { existsSync } from 'node:fs';
import { hashFile } from '../../files/hash-file.ts';
import type { Check } from '../check.ts';
import type { RunSubject } from '../run-subject.ts';

const KINDS = {
  data: 'rows',
  evalData: 'rows to evaluate on',
  model: 'model',
  adapter: 'adapter that was gone on with',
  tokenizer: 'tokenizer',
} as const;

export const inputs: Check<RunSubject> = {
  name: 'inputs',
  claim: 'rows, model, tokenizer and recipe are unchanged',
  tolerance: () => 0,
  reason: 'files are the same or they are not: it counts those that are not',
  meaning: 'The run cannot be repeated from what lies here now: put the files back, or train again.',
  async measure(subject) {
    const wrong = await wrongInputs(subject);
    return [{ difference: wrong.length, found: listed(wrong) }];
  },
};

/** The first, and how many there are beside it. */
export const listed = ([first = '', ...more]: readonly string[]): string =>
  more.length === 0 ? first : `${first}; and ${more.length} more`;

/** What is to be said of each file that is not what it was. Rows in memory are in no file. */
export async function wrongInputs({ description, signal, recipe }: RunSubject): Promise<string[]> {
  const wrong: string[] = [];
  for (const [kind, name] of Object.entries(KINDS)) {
    for (const { path, sha256 } of description.inputs[kind as keyof typeof KINDS]) {
      if (path === undefined) continue;
      if (!existsSync(path)) wrong.push(`${name}: ${path} is missing`);
      else {
        const now = await hashFile(path, signal);
        if (now !== sha256) wrong.push(`${name}: ${path} has changed: sha256 ${short(sha256)} became ${short(now)}`);
      }
    }
  }
  const before = description.recipe.source;
  // Where the recipe is not found, the evaluation says so.
  const now = before && (await recipe().catch(() => undefined))?.source;
  if (before && now && now.sha256 !== before.sha256) {
    wrong.push(`recipe: ${now.file} has changed: sha256 ${short(before.sha256)} became ${short(now.sha256)}`);
  }
  return wrong;
}

const short = (sha256: string): string => `${sha256.slice(0, 8)}…`;
