import { printable } from '@counterweight/core';
import cliTruncate from 'cli-truncate';
import pc from 'picocolors';

export type Colors = ReturnType<typeof pc.createColors>;

/** Where a command writes. Results go to standard output, everything on the way there to standard error. */
export interface Terminal {
  /** A part of the result, for people. Silent under `--json`, where the result is one JSON object. */
  print(text: string): void;
  /** For programs: a value as a line on standard output, also under `--json`. */
  json(value: unknown): void;
  /** A line on standard error. */
  note(line: string): void;
  /** The line at the bottom of a terminal that is written over and over; nothing where standard error is a file. */
  status(line: string): void;
  /** Standard error is a terminal: a live bar makes sense. */
  readonly live: boolean;
  readonly columns: number;
  /** Colours of standard output, and of standard error: either may be a file. */
  readonly colors: Colors;
  readonly noteColors: Colors;
}

interface Output {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

export interface TerminalStreams {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** NO_COLOR and FORCE_COLOR as their own pages define them; otherwise colour where a terminal shows it. */
function colorsOf(stream: Output, env: TerminalStreams['env']): Colors {
  if (env.NO_COLOR) return pc.createColors(false);
  if (env.FORCE_COLOR && env.FORCE_COLOR !== '0') return pc.createColors(true);
  return pc.createColors(stream.isTTY === true && env.TERM !== 'dumb');
}

/** Colour, bold and dim as picocolors writes them: nothing else of what a terminal understands. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const ownStyle = /(\u001b\[(?:0|1|2|22|39|3[0-7]|9[0-7])m)/;

/**
 * The door of the terminal, which everything goes through: whatever text holds, from rows, names of files, outputs of a
 * model or messages of libraries, it cannot act on the terminal. Control characters other than line feed and tab are
 * written as their codes, all but our own colours where there are any.
 */
const harmless = (text: string, { isColorSupported }: Colors): string =>
  isColorSupported
    ? text
        .split(ownStyle)
        .map((part, i) => (i % 2 === 1 ? part : printable(part)))
        .join('')
    : printable(text);

const clearLine = '\r\u001b[2K';

export function openTerminal({ stdout, stderr, env }: TerminalStreams, json: boolean): Terminal {
  const live = stderr.isTTY === true && env.TERM !== 'dumb';
  const columns = stdout.columns ?? stderr.columns ?? 100;
  const colors = colorsOf(stdout, env);
  const noteColors = colorsOf(stderr, env);
  let status = '';
  const clear = () => {
    if (status) stderr.write(clearLine);
    status = '';
  };
  return {
    print(text) {
      if (json) return;
      clear();
      stdout.write(harmless(text, colors));
    },
    json(value) {
      clear();
      stdout.write(`${printable(JSON.stringify(value))}\n`);
    },
    note(line) {
      clear();
      stderr.write(`${harmless(line, noteColors)}\n`);
    },
    status(line) {
      if (!live || line === status) return;
      // A line that would wrap cannot be written over.
      stderr.write(clearLine + cliTruncate(harmless(line, noteColors), (stderr.columns ?? columns) - 1));
      status = line;
      if (!line) stderr.write(clearLine);
    },
    live,
    columns,
    colors,
    noteColors,
  };
}
