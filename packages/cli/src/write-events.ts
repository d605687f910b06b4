import { closeSync, openSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import type { TrainingEvent } from '@counterweight/core';
import { optionError } from './option-error.ts';
import type { Terminal } from './terminal.ts';

export interface EventLog {
  readonly write: (event: TrainingEvent) => void;
  readonly close: () => void;
}

interface Place {
  readonly cwd: string;
  /** The events of a run that goes on stand behind those of before. */
  readonly append: boolean;
  readonly terminal: Terminal;
}

/**
 * `--events FILE|-`: every event a JSON line, there as soon as it has happened. An event that cannot be written does not
 * end the training: it is said, and the rest is not written.
 * @throws {UserError} where the file cannot be opened
 */
export function openEventLog(target: string | undefined, { cwd, append, terminal }: Place): EventLog {
  if (target === undefined) return { write: () => {}, close: () => {} };
  if (target === '-') return { write: terminal.json, close: () => {} };
  const file = openFile(resolve(cwd, target), append);
  let open = true;
  const close = () => {
    if (open) closeSync(file);
    open = false;
  };
  return {
    close,
    write(event) {
      if (!open) return;
      try {
        writeSync(file, `${JSON.stringify(event)}\n`);
      } catch (error) {
        close();
        terminal.note(`note: events are no longer written to ${target}: ${(error as Error).message}`);
      }
    },
  };
}

function openFile(path: string, append: boolean): number {
  try {
    return openSync(path, append ? 'a' : 'w');
  } catch (cause) {
    const problem = `The file of events cannot be opened: ${(cause as Error).message}`;
    throw optionError(problem, `--events ${path}`, 'Give a file that can be written, or - for standard output.');
  }
}
