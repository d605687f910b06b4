import { UserError } from '@counterweight/core';
import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { z } from 'zod';

/** Bytes of what a form says at most. */
const FORM_BYTES = 2_000_000;

/** Refuses a form that is none, before memory holds it. */
export const limitForms = (): MiddlewareHandler =>
  bodyLimit({ maxSize: FORM_BYTES, onError: (c) => c.json({ error: 'That is too long. Give rows as a file.' }, 413) });

/** What a page has sent. @throws {UserError} `option-invalid` for what does not fit */
export async function readBody<Value>(c: Context, schema: z.ZodType<Value>): Promise<Value> {
  const body: unknown = await c.req.json().catch(() => undefined);
  const read = schema.safeParse(body);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const where = issue?.path.join('.');
  throw new UserError({
    code: 'option-invalid',
    problem: `What was sent cannot be read: ${where ? `${where}: ` : ''}${issue?.message ?? ''}.`,
    ...(where && { where }),
    fix: 'Change it.',
  });
}
