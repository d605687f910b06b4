import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Platform } from './platforms.ts';

export const nativeFolder = fileURLToPath(new URL('../../packages/core/native', import.meta.url));

const parts = ['engine', 'kernels', 'products', 'operations'];
/** Workers speak with each other where dlopen finds what they speak through. */
const workers = 'workers';
export const includeFolders: readonly string[] = [...parts, workers];

const ARITHMETIC = /-(vectors|tiles)\.cc$/;
const NOT_THE_ENGINE = /-(test|bench)\.cc$/;

/** One compilation: a source, below the folder of all of them, and its own flags. */
export interface Unit {
  readonly source: string;
  readonly flags: readonly string[];
}

export function unitsOf(platform: Platform, folder = nativeFolder): Unit[] {
  const ofPlatform = platform.workers ? [...parts, workers] : parts;
  const sources = ofPlatform.flatMap((part) =>
    readdirSync(join(folder, part))
      .filter((name) => name.endsWith('.cc') && !NOT_THE_ENGINE.test(name))
      .filter((name) => !name.startsWith('wasm-') || platform.name === 'wasm')
      .sort()
      .map((name) => `${part}/${name}`),
  );
  return [...sources, ...platform.doors.map((door) => `doors/${door}`)].flatMap((source) =>
    ARITHMETIC.test(source)
      ? Object.entries(platform.sets).map(([set, flags]) => ({ source, flags: [...flags, `-DCW_SET=${set}`] }))
      : [{ source, flags: [] }],
  );
}

/** A hash of the source and of all of ours that it includes. */
export function contentHash(source: string, folder = nativeFolder): string {
  const seen = new Map<string, string>();
  const visit = (path: string) => {
    if (seen.has(path)) return;
    const text = readIfThere(join(folder, path));
    if (text === undefined) return;
    seen.set(path, text);
    for (const [, name = ''] of text.matchAll(/^\s*#\s*include\s+"([^"]+)"/gm)) {
      for (const beside of [dirname(path), ...includeFolders]) visit(join(beside, name).replaceAll('\\', '/'));
    }
  };
  visit(source);
  const hash = createHash('sha256');
  for (const path of [...seen.keys()].sort()) hash.update(`${path}\0${seen.get(path)}\0`);
  return hash.digest('hex');
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
