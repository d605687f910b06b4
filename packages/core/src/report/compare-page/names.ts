import type { RunRecord } from '../run-record.ts';

/** A run with a name that no other one has, and a colour. */
export interface NamedRun {
  readonly name: string;
  /** Class of its colour: `s0` to `s7`, and over again. */
  readonly look: string;
  readonly record: RunRecord;
}

const COLOURS = 8;

export function withNames(records: readonly RunRecord[]): NamedRun[] {
  const times = new Map<string, number>();
  return records.map((record, i) => {
    const before = times.get(record.name) ?? 0;
    times.set(record.name, before + 1);
    return { name: before === 0 ? record.name : `${record.name} (${before + 1})`, look: `s${i % COLOURS}`, record };
  });
}
