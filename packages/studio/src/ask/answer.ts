import { spawn } from 'node:child_process';

/** A question to one model, as `counterweight generate` has it. */
export interface Question {
  readonly model: string;
  readonly adapter?: string | undefined;
  readonly recipe: string;
  readonly recipeOptions?: Readonly<Record<string, unknown>> | undefined;
  readonly row: Readonly<Record<string, unknown>>;
  readonly maxNewTokens?: number | undefined;
  readonly temperature?: number | undefined;
}

/** What is told of an answer while it is made, a line of JSON each. */
export type AnswerPiece = { readonly text: string } | { readonly error: string } | { readonly seconds: number };

export interface AnswerPlace {
  /** The command line. */
  readonly program: readonly string[];
  readonly cwd: string;
  readonly signal: AbortSignal;
}

/**
 * Asks in a process of its own: the studio never computes, and what a model takes is given back when it has answered.
 * @returns pieces as they are made, and how long all of it took
 */
export async function* answer(question: Question, { program, cwd, signal }: AnswerPlace): AsyncGenerator<AnswerPiece> {
  const began = performance.now();
  const [command = '', ...before] = program;
  const start = () =>
    spawn(command, [...before, 'generate', ...argumentsOf(question)], {
      cwd,
      signal,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  let child: ReturnType<typeof start>;
  try {
    child = start();
  } catch (error) {
    // A system takes arguments of a length.
    const isLong = (error as NodeJS.ErrnoException).code === 'E2BIG';
    return yield { error: isLong ? 'The question is too long.' : (error as Error).message };
  }
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-4000);
  });
  const ended = new Promise<number | null>((resolve) => {
    child.once('error', (error) => {
      complaint = error.message;
      resolve(1);
    });
    child.once('close', resolve);
  });
  try {
    for await (const text of child.stdout.setEncoding('utf8')) yield { text };
    const status = await ended;
    if (status === 0) yield { seconds: (performance.now() - began) / 1000 };
    else if (!signal.aborted)
      yield { error: complaint.trim() || `The model could not be asked (exit status ${status}).` };
  } finally {
    child.kill();
  }
}

function argumentsOf({ model, adapter, recipe, recipeOptions, row, maxNewTokens, temperature }: Question): string[] {
  const options: readonly (readonly [flag: string, value: string | undefined])[] = [
    ['--model', model],
    ['--adapter', adapter],
    ['--recipe', recipe],
    ['--recipe-options', recipeOptions && JSON.stringify(recipeOptions)],
    ['--row', JSON.stringify(row)],
    ['--max-new-tokens', maxNewTokens?.toString()],
    ['--temperature', temperature?.toString()],
  ];
  // With `=`, so that a text which begins with a dash is no flag.
  return options.flatMap(([flag, value]) => (value === undefined ? [] : [`${flag}=${value}`]));
}
