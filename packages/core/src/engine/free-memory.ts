import { readFileSync } from 'node:fs';
import { freemem, totalmem } from 'node:os';
import { join } from 'node:path';

/**
 * Bytes that this process can still have: what the machine can give without swapping, within the limits of the
 * container. What files occupy in memory counts as free, for it is given up when it is needed.
 */
export function freeMemory(): number {
  return Math.min(freeOfMachine(), freeOfContainer());
}

/** Where nothing tells what is free (macOS counts what it could give up as used), the total. */
function freeOfMachine(): number {
  if (process.platform === 'win32') return freemem();
  const available = /^MemAvailable:\s+(\d+) kB/m.exec(textOf('/proc/meminfo'))?.[1];
  return available === undefined ? totalmem() : 1024 * Number(available);
}

/** Infinity without a limit. */
function freeOfContainer(): number {
  const limit = process.constrainedMemory();
  // Without a limit, some versions of Node give 0, others the largest number there is.
  if (!(limit > 0 && limit < totalmem())) return Number.POSITIVE_INFINITY;
  for (const { folder, used, files } of memoryGroups()) {
    const usage = Number(textOf(join(folder, used)));
    if (usage > 0) return Math.max(0, limit - usage + statistic(folder, files));
  }
  return Math.max(0, limit - process.memoryUsage.rss());
}

interface MemoryGroup {
  readonly folder: string;
  readonly used: string;
  /** Statistics of what files occupy. */
  readonly files: readonly string[];
}

/** Where the kernel tells what this process's control group uses: version 2, version 1; within a container, its root. */
function memoryGroups(): MemoryGroup[] {
  const lines = textOf('/proc/self/cgroup').split('\n');
  const second = lines.find((line) => line.startsWith('0::'))?.slice(3) ?? '/';
  const first = lines.find((line) => line.split(':')[1]?.split(',').includes('memory'))?.split(':')[2] ?? '/';
  const v2 = { used: 'memory.current', files: ['inactive_file', 'active_file'] };
  const v1 = { used: 'memory.usage_in_bytes', files: ['total_inactive_file', 'total_active_file'] };
  return [
    { folder: join('/sys/fs/cgroup', second), ...v2 },
    { folder: '/sys/fs/cgroup', ...v2 },
    { folder: join('/sys/fs/cgroup/memory', first), ...v1 },
    { folder: '/sys/fs/cgroup/memory', ...v1 },
  ];
}

function statistic(folder: string, names: readonly string[]): number {
  const text = textOf(join(folder, 'memory.stat'));
  return names.reduce((sum, name) => sum + Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1] ?? 0), 0);
}

/** Empty where there is no such file. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}
