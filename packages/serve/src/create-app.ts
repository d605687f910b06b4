import { randomUUID } from 'node:crypto';
import type { HeldModels } from '@counterweight/core';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { type AnswerHead, wholeAnswer } from './answer-objects.ts';
import { apiError, Closing, explainError } from './api-error.ts';
import { fromThisMachine, refuse, withKey } from './guards.ts';
import { type RequestKind, readRequest } from './read-request.ts';
import { streamAnswer } from './stream-answer.ts';

export interface AppOptions {
  readonly apiKey?: string | undefined;
  /** Aborts when the server closes. */
  readonly closing: AbortSignal;
  /** Told of what is the server's own fault. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

const MOST_BYTES = 16 * 2 ** 20;

/** The endpoint: under `/v1`, as OpenAI has it, and without, so that either address is a base URL. */
export function createApp(held: HeldModels, { apiKey, closing, onError }: AppOptions): Hono {
  const app = new Hono();
  const created = Math.floor(Date.now() / 1000);
  const modelObject = (id: string) => ({ id, object: 'model', created, owned_by: 'counterweight' });
  const unknownModel = (name: string) => {
    const message = `There is no model "${name}". There are: ${held.names.join(', ')}.`;
    return apiError(404, message, { param: 'model', code: 'model_not_found' });
  };
  const tooLarge = apiError(413, 'The request is larger than 16 MB.');

  app.use(fromThisMachine, withKey(apiKey));
  app.use(bodyLimit({ maxSize: MOST_BYTES, onError: (context) => refuse(context, tooLarge) }));
  app.notFound((context) => refuse(context, apiError(404, `There is no ${context.req.method} ${context.req.path}.`)));
  app.onError((error, context) => {
    const explained = explainError(error);
    // Of a client that has left, its leaving is no failure.
    if (explained.status === 500 && !context.req.raw.signal.aborted) onError?.(error);
    return refuse(context, explained);
  });

  const answerTo = (kind: RequestKind) =>
    app.on('POST', paths(kind === 'chat' ? '/chat/completions' : '/completions'), async (context) => {
      const body: unknown = await context.req.json().catch(() => undefined);
      const read = readRequest(kind, body);
      if ('status' in read) return refuse(context, read);
      if (!held.names.includes(read.model)) return refuse(context, unknownModel(read.model));
      const model = held.get(read.model);
      const id = `${kind === 'chat' ? 'chatcmpl' : 'cmpl'}-${randomUUID()}`;
      const head: AnswerHead = { kind, id, model: read.model, created: Math.floor(Date.now() / 1000) };
      const signal = AbortSignal.any([context.req.raw.signal, closing]);
      if (closing.aborted) throw new Closing();
      if (read.stream) return streamAnswer(context, { model, head, read, signal, onError });
      return context.json(wholeAnswer(head, await model.answer({ ...read.answer, signal })));
    });

  answerTo('chat');
  answerTo('completion');
  app.on('GET', paths('/models'), (context) => context.json({ object: 'list', data: held.names.map(modelObject) }));
  app.on('GET', paths('/models/:name{.+}'), (context) => {
    const name = context.req.param('name') ?? '';
    return held.names.includes(name) ? context.json(modelObject(name)) : refuse(context, unknownModel(name));
  });
  return app;
}

const paths = (path: string): string[] => [`/v1${path}`, path];
