import { stripVTControlCharacters } from 'node:util';
import pc from 'picocolors';
import stringWidth from 'string-width';

export type Colors = ReturnType<typeof pc.createColors>;

/** Where a command writes. Results go to standard output, everything on the way there to standard error. */
export interface Terminal {
  /** A part of the result, for people. Silent under `--json`, where the result is one JSON object. */
  print(text: string): void;
  /** For programs, as it is, on standard output; also under `--json`. */
  raw(text: string): void;
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

const clearLine = '\r\u001b[2K';

export function openTerminal({ stdout, stderr, env }: TerminalStreams, json: boolean): Terminal {
  const live = stderr.isTTY === true && env.TERM !== 'dumb';
  const columns = stdout.columns ?? stderr.columns ?? 100;
  let status = '';
  const clear = () => {
    if (status) stderr.write(clearLine);
    status = '';
  };
  return {
    print(text) {
      if (json) return;
      clear();
      stdout.write(text);
    },
    raw(text) {
      clear();
      stdout.write(text);
    },
    note(line) {
      clear();
      stderr.write(`${line}\n`);
    },
    status(line) {
      if (!live || line === status) return;
      stderr.write(clearLine + cutToWidth(line, (stderr.columns ?? columns) - 1));
      status = line;
      if (!line) stderr.write(clearLine);
    },
    live,
    columns,
    colors: colorsOf(stdout, env),
    noteColors: colorsOf(stderr, env),
  };
}

/** A line that would wrap cannot be written over: it loses its end, and with it its colours. */
function cutToWidth(line: string, width: number): string {
  if (stringWidth(line) <= width) return line;
  let cut = '';
  let used = 0;
  for (const character of stripVTControlCharacters(line)) {
    used += stringWidth(character);
    if (used > width) break;
    cut += character;
  }
  return cut;
}
