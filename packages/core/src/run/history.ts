import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeMachine } from '../engine/measure.ts';

export const HISTORY = 'history.jsonl';

/** A line of history.jsonl: when somebody worked on a run, on what, and how far it was then. Nothing else in a run hangs on it. */
export interface HistoryEntry {
  readonly what: 'began' | 'ended';
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly step: number;
  /** Of those that began: the command as a shell reads it, where it was one. */
  readonly command?: string | undefined;
  readonly machine?: {
    readonly platform: string;
    readonly cpuModel: string;
    readonly cpuCount: number;
    readonly totalBytes: number;
  };
}

/** A run goes on without a line that cannot be written. */
export async function logBegin(
  run: string,
  { step, command }: { readonly step: number; readonly command?: string | undefined },
): Promise<void> {
  const { platform, cpuModel, cpuCount, totalBytes } = describeMachine();
  const machine = { platform, cpuModel, cpuCount, totalBytes };
  await append(run, { what: 'began', time: now(), step, ...(command !== undefined && { command }), machine });
}

export const logEnd = (run: string, step: number): Promise<void> => append(run, { what: 'ended', time: now(), step });

const now = (): string => new Date().toISOString();

const append = (run: string, entry: HistoryEntry): Promise<void> =>
  appendFile(join(run, HISTORY), `${JSON.stringify(entry)}\n`).catch(() => {});

/** A line that is cut short or damaged is none. */
export async function readHistory(run: string): Promise<HistoryEntry[]> {
  const text = await readFile(join(run, HISTORY), 'utf8').catch(() => '');
  return text.split('\n').flatMap((line): HistoryEntry | [] => {
    try {
      const entry = JSON.parse(line) as HistoryEntry;
      return Number.isNaN(Date.parse(entry.time)) ? [] : entry;
    } catch {
      return [];
    }
  });
}
