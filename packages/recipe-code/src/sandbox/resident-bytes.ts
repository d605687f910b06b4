import { childrenOf, readProc } from './process-tree.ts';

/**
 * Memory of a process and everything below it that no file backs: RssAnon + RssShmem of /proc/PID/status, in bytes.
 * A daemon is counted too: within a process namespace it stays below the namespace's first process. Pages that a fork
 * shares with its parent count twice, so the number is never too small.
 */
export function residentBytes(pid: number): number {
  let bytes = 0;
  const open = [pid];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const status = readProc(`/proc/${next}/status`);
    for (const [, kilobytes] of status.matchAll(/^Rss(?:Anon|Shmem):\s+(\d+) kB$/gm)) bytes += Number(kilobytes) * 1024;
    open.push(...childrenOf(next));
  }
  return bytes;
}
