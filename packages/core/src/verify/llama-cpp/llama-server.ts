import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { UserError } from '../../errors.ts';

/** What a token of an answer is, and what else it might have been, likeliest first. */
export interface Alternatives extends Choice {
  readonly top_logprobs: readonly Choice[];
}

interface Choice {
  readonly id: number;
  /** Its text; a token that ends an answer may have none. */
  readonly token: string;
  readonly logprob: number;
}

/** An answer of llama-server's. */
export interface Completion {
  readonly content: string;
  readonly stop_type: string;
  readonly completion_probabilities?: readonly Alternatives[];
}

/** A llama-server with a model, on this machine, until it is closed. */
export interface LlamaServer {
  /** The likeliest answer. */
  complete(promptIds: readonly number[], maxNewTokens: number): Promise<Completion>;
  /** As it cuts a prompt that is given as text. */
  tokenize(text: string): Promise<number[]>;
  close(): Promise<void>;
}

/**
 * Before work begins that needs it.
 * @param program a name on the PATH, or a path
 * @throws {UserError} `file-not-found` where there is no such program
 * @example
 * ```ts
 * import { assertLlamaServer } from '@counterweight/core';
 *
 * assertLlamaServer();
 * ```
 */
export function assertLlamaServer(program = 'llama-server'): void {
  const { error } = spawnSync(program, ['--version'], { stdio: 'ignore' });
  if (error) throw missing(program, error);
}

const ALTERNATIVES = 5;
const LOG_BYTES = 4000;

/**
 * Starts llama.cpp's server on a GGUF file.
 * @param program a name on the PATH, or a path
 * @throws {UserError} `file-not-found` where there is no such program, `model-invalid` where it does not take the file
 */
export async function startLlamaServer(
  file: string,
  { program, contextLength, signal }: { program: string; contextLength: number; signal?: AbortSignal | undefined },
): Promise<LlamaServer> {
  const port = await freePort();
  const place = ['--host', '127.0.0.1', '--port', String(port), '--parallel', '1'];
  const flags = ['--model', file, '--ctx-size', String(contextLength), ...place];
  const server = spawn(program, flags, { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  for (const stream of [server.stdout, server.stderr]) {
    stream.on('data', (piece) => {
      log = (log + piece).slice(-LOG_BYTES);
    });
  }
  const ended = new Promise<Error | undefined>((resolve) => {
    server.once('error', resolve);
    server.once('exit', () => resolve(undefined));
  });
  const close = () => end(server);
  const address = `http://127.0.0.1:${port}`;
  try {
    await ready(address, ended, { program, file, logged: () => log, signal });
  } catch (error) {
    await close();
    throw error;
  }
  const post = async <Answer>(path: string, body: object): Promise<Answer> => {
    const response = await fetch(`${address}${path}`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
      ...(signal && { signal }),
    });
    if (!response.ok) throw refused(program, file, await response.text());
    return (await response.json()) as Answer;
  };
  return {
    complete: (promptIds, maxNewTokens) =>
      post<Completion>('/completion', {
        ...{ prompt: promptIds, n_predict: maxNewTokens, n_probs: ALTERNATIVES },
        ...{ temperature: 0, cache_prompt: false },
      }),
    tokenize: async (content) =>
      (await post<{ tokens: number[] }>('/tokenize', { content, add_special: true, parse_special: true })).tokens,
    close,
  };
}

async function ready(
  address: string,
  ended: Promise<Error | undefined>,
  about: { program: string; file: string; logged: () => string; signal?: AbortSignal | undefined },
): Promise<void> {
  let end: { error: Error | undefined } | undefined;
  void ended.then((error) => {
    end = { error };
  });
  for (;;) {
    about.signal?.throwIfAborted();
    if (end?.error) throw missing(about.program, end.error);
    if (end) throw refused(about.program, about.file, about.logged());
    const isReady = await fetch(`${address}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return;
    await pause(100);
  }
}

async function end(server: ChildProcess): Promise<void> {
  if (server.pid === undefined || server.exitCode !== null || server.signalCode !== null) return;
  const exit = once(server, 'exit');
  server.kill('SIGTERM');
  const patience = setTimeout(() => server.kill('SIGKILL'), 5_000);
  await exit;
  clearTimeout(patience);
}

const freePort = () =>
  new Promise<number>((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });

const missing = (program: string, cause: Error): UserError =>
  new UserError({
    code: 'file-not-found',
    problem: `llama.cpp's server could not be started: ${cause.message}.`,
    where: program,
    fix: 'Install llama.cpp, so that llama-server is on the PATH; or say where it is: --llama-server PATH.',
    cause,
  });

const refused = (program: string, file: string, said: string): UserError =>
  new UserError({
    code: 'model-invalid',
    problem: `${program} does not take this file. Last it said: ${said.trim().split('\n').slice(-3).join(' / ')}`,
    where: file,
    fix: 'Try a newer llama.cpp; a file that it refuses all the same is a fault of ours: please report it.',
  });
