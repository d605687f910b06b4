import { readdirSync, readFileSync } from 'node:fs';

/** Processes of this machine that are workers of a sweep, however they were started. */
export function workersOf(sweep: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      const words = commandOf(pid);
      return words.includes('worker') && words.some((word) => word.startsWith(sweep)) && words[0]?.includes('node');
    });
}

function commandOf(pid: number): string[] {
  try {
    return Number.isInteger(pid) ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0') : [];
  } catch {
    // It has ended since.
    return [];
  }
}
