import { type ChildProcess, fork } from 'node:child_process';
import { type PreviewOptions, type RecipeRequest, UserError } from '@counterweight/core';
import { ownFile } from '../own-file.ts';
import type { Previewed } from './receipt-at-weight.ts';

/** What a preview takes that can be sent to another process. */
type Options = Omit<PreviewOptions<unknown>, 'recipe' | 'signal' | 'tokenizer' | 'onDownload'>;

export interface PreviewRequest {
  readonly id: number;
  readonly recipe: RecipeRequest;
  readonly options: Options;
}

export interface PreviewAnswer {
  readonly id: number;
  readonly previewed?: Previewed;
  readonly failure?:
    | { readonly mistake: ConstructorParameters<typeof UserError>[0] }
    | { readonly message: string }
    | undefined;
}

/**
 * Previews in a process of their own: two hundred thousand rows take 0.6 GB and many seconds, in which the studio is to answer
 * others. The process is started when it is needed, and ends when nobody has asked for a while, which gives its memory back.
 */
export interface PreviewProcess {
  /** @throws {UserError} what the preview says */
  preview(recipe: RecipeRequest, options: Options): Promise<Previewed>;
  close(): void;
}

interface Waiting {
  resolve(previewed: Previewed): void;
  reject(error: Error): void;
}

/** Long enough for somebody who fills in a form. */
const IDLE_MS = 20_000;

export function openPreviewProcess(idleMs = IDLE_MS): PreviewProcess {
  const waiting = new Map<number, Waiting>();
  let child: ChildProcess | undefined;
  let idle: NodeJS.Timeout | undefined;
  let asked = 0;

  const end = () => {
    child?.kill();
    child = undefined;
  };
  const settle = ({ id, previewed, failure }: PreviewAnswer) => {
    const one = waiting.get(id);
    waiting.delete(id);
    if (previewed) one?.resolve(previewed);
    else one?.reject(errorOf(failure));
    if (waiting.size === 0) idle = setTimeout(end, idleMs).unref();
  };
  const begin = (): ChildProcess => {
    const started = fork(ownFile('draft/preview-program'), { serialization: 'advanced' });
    started.on('message', settle);
    started.once('exit', (code, signal) => {
      if (child === started) child = undefined;
      const message = `The process that reads rows ended with ${signal ?? code}.`;
      for (const id of waiting.keys()) settle({ id, failure: { message } });
    });
    // It keeps nobody: who closes the studio closes it.
    started.unref();
    started.channel?.unref();
    return started;
  };
  return {
    preview(recipe, options) {
      clearTimeout(idle);
      child ??= begin();
      const request: PreviewRequest = { id: asked++, recipe, options };
      child.send(request);
      return new Promise((resolve, reject) => waiting.set(request.id, { resolve, reject }));
    },
    close: end,
  };
}

function errorOf(failure: PreviewAnswer['failure']): Error {
  if (failure && 'mistake' in failure) return new UserError(failure.mistake);
  return new Error(failure?.message ?? 'The preview came to nothing.');
}
