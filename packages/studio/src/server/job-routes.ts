import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { exportFormats, UserError } from '@counterweight/core';
import { Hono } from 'hono';
import { z } from 'zod';
import { pathInside } from '../folder/inside.ts';
import { readBody } from './read-body.ts';
import type { Studio } from './studio.ts';

const jobSchema = z.object({ id: z.string().max(200) });
const exportSchema = z.object({ path: z.string(), to: z.enum(exportFormats) });

/** What is done to jobs. */
export function jobRoutes({ jobs, roots }: Studio): Hono {
  const app = new Hono();
  for (const what of ['pause', 'resume', 'stop', 'remove'] as const) {
    app.post(`/jobs/${what}`, async (c) => {
      const { id } = await readBody(c, jobSchema);
      if (!(await jobs.get(id)))
        throw new UserError({
          code: 'file-not-found',
          problem: 'There is no such job.',
          where: id,
          fix: 'See the list of runs.',
        });
      const { status } = await jobs[what](id);
      return c.json({ status, ...(status === 'removed' && { go: '/' }) });
    });
  }
  app.post('/export', async (c) => {
    const { path, to } = await readBody(c, exportSchema);
    const run = pathInside(path, roots);
    const output = join(run, `export-${to}`);
    // Asked for twice it is one; what did not come about is tried again.
    const before = (await jobs.list()).find((job) => job.output === output);
    if (before && (before.status !== 'done' || existsSync(output))) {
      return c.json({ id: (await jobs.resume(before.id)).id });
    }
    const { id } = await jobs.add({ kind: 'export', options: { run, to }, output });
    return c.json({ id });
  });
  return app;
}
