import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A command line that is wrong, with the files it needs. */
export interface Mistake {
  readonly argv: readonly string[];
  /** What the message must say beside a `fix:`: what is wrong, where, and how to mend it. */
  readonly says: readonly RegExp[];
}

type Files = Readonly<Record<string, string | Uint8Array>>;

export const model = fileURLToPath(new URL('../../../../models/stories260k', import.meta.url));

export const row = '{"prompt": "Who is it?", "completion": "Lily."}\n';

export function write(folder: string, files: Files): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
}

/** A training that would be right, with rows of its own. */
export function training(folder: string, ...more: string[]): string[] {
  write(folder, { 'good.jsonl': row });
  return ['train', '--model', model, '--data', join(folder, 'good.jsonl'), '--engine', 'wasm', ...more];
}
