import { createInterface } from 'node:readline/promises';
import { Mistake } from './mistake.ts';

export interface Streams {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean | undefined };
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean | undefined };
}

/** Somebody who can be asked. */
export interface Asked {
  /** Asks until the answer can be taken; an empty one is the default. */
  ask<Value>(question: string, preset: string, parse: (text: string) => Value): Promise<Value>;
  close(): void;
}

/** Whoever is asked has left: Ctrl-C, or the end of the input. */
export class Left extends Error {
  override readonly name = 'Left';
}

/** Undefined where nobody sits before it: a file, a pipe, a build. */
export function openTerminal({ stdin, stdout }: Streams): Asked | undefined {
  if (!stdin.isTTY || !stdout.isTTY) return undefined;
  const terminal = createInterface({ input: stdin, output: stdout, terminal: true });
  const left = new AbortController();
  terminal.on('close', () => left.abort());
  return {
    async ask(question, preset, parse) {
      for (;;) {
        const hint = preset === '' ? '' : ` [${preset}]`;
        const text = await terminal.question(`${question}${hint}: `, { signal: left.signal }).catch((cause) => {
          throw new Left('Nothing was written.', { cause });
        });
        try {
          return parse(text.trim() || preset);
        } catch (error) {
          if (!(error instanceof Mistake)) throw error;
          stdout.write(`${error.message}\n`);
        }
      }
    },
    close: () => terminal.close(),
  };
}
