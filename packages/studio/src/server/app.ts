import { Hono } from 'hono';
import { clientScript } from '../assets.ts';
import { TooLarge } from '../folder/receive-upload.ts';
import { inFormWords } from '../pages/field-words.ts';
import { pageOf } from '../pages/page.ts';
import { problemBox } from '../pages/problem.ts';
import { askRoutes } from './ask-routes.ts';
import { type Guarded, guard } from './guard.ts';
import { jobRoutes } from './job-routes.ts';
import { newRunRoutes } from './new-run-routes.ts';
import { limitForms } from './read-body.ts';
import { runRoutes } from './run-routes.ts';
import { streamChanges } from './stream-changes.ts';
import type { Studio } from './studio.ts';
import { asUserError } from './user-error.ts';

/** The whole server: what is let in, the pages and what they ask for. */
export function createApp(studio: Studio, guarded: Guarded): Hono {
  const app = new Hono();
  app.use(guard(guarded));
  const limited = limitForms();
  // A file of rows has a limit of its own.
  app.use((c, next) => (c.req.path === '/upload' ? next() : limited(c, next)));
  app.get('/client/:file{[a-z-]+[.]js}', (c) => {
    const script = clientScript(c.req.param('file').replace(/[.]js$/, ''));
    return script === undefined
      ? c.notFound()
      : c.body(script, 200, { 'Content-Type': 'text/javascript; charset=utf-8' });
  });
  app.get('/changes', (c) => streamChanges(c, studio.jobs));
  app.route('/', runRoutes(studio));
  app.route('/', newRunRoutes(studio));
  app.route('/', jobRoutes(studio));
  app.route('/', askRoutes(studio));
  app.notFound((c) => c.html(pageOf({ title: 'There is no such page', part: 'runs', body: [] }), 404));
  app.onError((error, c) => {
    if (error instanceof TooLarge) return c.json({ error: error.message }, 413);
    const problem = asUserError(error);
    if (problem.cause === error) console.error(error);
    const status = problem.code === 'file-not-found' ? 404 : problem.cause === error ? 500 : 400;
    if (c.req.method === 'GET' && c.req.header('accept')?.includes('text/html')) {
      return c.html(pageOf({ title: 'That did not work', part: 'runs', body: problemBox(problem) }), status);
    }
    return c.json({ error: inFormWords([problem.problem, problem.fix].join(' ')) }, status);
  });
  return app;
}
