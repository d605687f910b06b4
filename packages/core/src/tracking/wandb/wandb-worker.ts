import { parentPort } from 'node:worker_threads';
import type { Scalars } from '../scalars.ts';
import type { Setting } from '../settings.ts';

/** What this thread is told; `begin` and `end` are answered with `{ error }` or `{}`. */
export type ToWandb =
  | {
      readonly type: 'begin';
      /** Where the package lies, as a URL. */
      readonly sdk: string;
      readonly project: string;
      readonly entity: string | undefined;
      readonly name: string;
      readonly config: Readonly<Record<string, Setting>>;
    }
  | ({ readonly type: 'log' } & Scalars)
  | { readonly type: 'end'; readonly exitCode: number };

/** As much of `@wandb/sdk` as is used. */
interface Sdk {
  init(options: object): Promise<Run>;
}
interface Run {
  log(data: object, step: number): void;
  finish(exitCode: number): Promise<void>;
}

let run: Run | undefined;

parentPort?.on('message', (message: ToWandb) => {
  if (message.type === 'log') run?.log({ ...message.values }, message.step);
  else answer(message.type === 'begin' ? begin(message) : run?.finish(message.exitCode));
});

async function begin({ sdk, ...options }: ToWandb & { type: 'begin' }): Promise<void> {
  const { default: wandb } = (await import(sdk)) as { default: Sdk };
  run = await wandb.init(options);
}

const answer = (work: Promise<void> | undefined) =>
  void Promise.resolve(work).then(
    () => parentPort?.postMessage({}),
    (error: unknown) => parentPort?.postMessage({ error: error instanceof Error ? error.message : String(error) }),
  );
