import { readFileSync } from 'node:fs';

/** The processes that a process has started and that still run; none where the kernel does not say. */
export function childrenOf(pid: number): number[] {
  return readProc(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
}

/** A file below /proc, or nothing: a process may be gone by the time it is looked at. */
export function readProc(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
