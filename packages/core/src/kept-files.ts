import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { measureFiles } from './files/measure-files.ts';
import { counterweightHome } from './home.ts';

/** Kinds of files that Counterweight keeps on a machine, in its folder. */
export type KeptKind = keyof typeof KINDS;

const KINDS = {
  /** Rows in ids, for the next run on the same rows; made again where they are missing. */
  tokenized: ['cache', 'tokenized'],
  /** Rows of runs that were ended too hard to tidy up. */
  examples: ['cache', 'examples'],
  /** Tokenizers and configs out of GGUF files; made again where they are missing. */
  gguf: ['gguf'],
  /** TensorFlow, as `engine install` puts it in place. */
  engines: ['engines'],
  /** Models and rows out of object storage; fetched again where they are missing. */
  objects: ['objects'],
  /** What this machine has of sweeps in object storage. */
  sweeps: ['sweeps'],
  /** Of each folder that a studio was opened with: its token and its jobs. */
  studio: ['studio'],
  /** Results of runs whose own folder could not be written: nobody but their owner takes them away. */
  rescued: ['rescued'],
} as const;

/** What can be made again without asking anybody. */
export const CACHE_KINDS: readonly KeptKind[] = ['tokenized', 'examples', 'gguf'];

export interface KeptFiles {
  readonly kind: KeptKind;
  /** Absolute. */
  readonly folder: string;
  readonly files: number;
  readonly bytes: number;
}

/**
 * What Counterweight keeps on this machine beside your runs, and how much room it takes; kinds that there are none of are
 * left out. Models of the hub are not its own: they lie in the cache that Python shares.
 * @example
 * ```ts
 * import { listKeptFiles } from '@counterweight/core';
 *
 * for (const { kind, folder, bytes } of await listKeptFiles()) console.log(kind, folder, bytes);
 * ```
 */
export async function listKeptFiles(): Promise<KeptFiles[]> {
  const all = await Promise.all((Object.keys(KINDS) as KeptKind[]).map(describe));
  return all.filter(({ files }) => files > 0);
}

/**
 * Takes away what is kept of these kinds. A run that is going on keeps what it has open.
 * @returns what was there
 * @example
 * ```ts
 * import { CACHE_KINDS, removeKeptFiles } from '@counterweight/core';
 *
 * const removed = await removeKeptFiles(CACHE_KINDS);
 * console.log(removed.reduce((sum, { bytes }) => sum + bytes, 0));
 * ```
 */
export async function removeKeptFiles(kinds: readonly KeptKind[]): Promise<KeptFiles[]> {
  const kept = (await listKeptFiles()).filter(({ kind }) => kinds.includes(kind));
  for (const { folder } of kept) await rm(folder, { recursive: true, force: true });
  return kept;
}

async function describe(kind: KeptKind): Promise<KeptFiles> {
  const folder = join(counterweightHome(), ...KINDS[kind]);
  return { kind, folder, ...(await measureFiles(folder)) };
}
