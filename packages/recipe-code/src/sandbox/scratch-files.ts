import { statfsSync } from 'node:fs';
import { childrenOf } from './process-tree.ts';

/** TMPFS_MAGIC of statfs(2). */
const MEMORY_FILE_SYSTEM = 0x01021994;

/**
 * How many files there are in a sandbox's scratch folder, seen from outside through the sandbox's first process; 0 while
 * it is being set up. It is known by its size, which no other file system in memory has by chance.
 */
export function scratchFiles(pid: number, folder: string, sizeBytes: number): number {
  const [first] = childrenOf(pid);
  if (first === undefined) return 0;
  try {
    const { type, blocks, bsize, files, ffree } = statfsSync(`/proc/${first}/root${folder}`);
    return type === MEMORY_FILE_SYSTEM && blocks * bsize === sizeBytes ? files - ffree : 0;
  } catch {
    return 0;
  }
}
