import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readSweep, UserError } from '@counterweight/core';
import { comparisonPage, type Html, readRunRecord, runPage as reportPage } from '@counterweight/core/report';
import { type Context, Hono } from 'hono';
import { describeRuns, type RunView } from '../folder/describe-runs.ts';
import { pathInside, shownPath } from '../folder/inside.ts';
import { readText } from '../folder/read-text.ts';
import { type RunPage, runExports, runPage, runRecord, runState } from '../pages/run.ts';
import { homePage, runList } from '../pages/run-list.ts';
import { type SweepPage, sweepPage, sweepState } from '../pages/sweep.ts';
import type { Studio } from './studio.ts';

/** What was run and what runs: lists, pages, reports. */
export function runRoutes(studio: Studio): Hono {
  const { roots, jobs } = studio;
  const app = new Hono();
  const part = (c: Context, content: Html) => c.html(content.markup);
  const all = async () => describeRuns(roots, await jobs.list());
  app.get('/', async (c) => c.html(homePage(await all())));
  app.get('/runs', async (c) => part(c, runList(await all())));
  app.get('/run', async (c) => c.html(runPage(await openRun(c, studio))));
  app.get('/run/state', async (c) => part(c, runState(await openRun(c, studio))));
  app.get('/run/record', async (c) => part(c, runRecord(await openRun(c, studio))));
  app.get('/run/exports', async (c) => part(c, runExports(await openRun(c, studio))));
  app.get('/sweep', async (c) => c.html(sweepPage(await openSweep(c, studio))));
  app.get('/sweep/state', async (c) => part(c, sweepState(await openSweep(c, studio))));
  app.get('/report', async (c) => c.html(await report(pathInside(c.req.query('path') ?? '', roots))));
  app.get('/compare', async (c) => {
    const chosen = c.req.queries('run') ?? [];
    if (chosen.length < 2) throw nothingToCompare();
    return c.html(comparisonPage(await Promise.all(chosen.map((run) => readRunRecord(pathInside(run, roots))))));
  });
  return app;
}

/** The view of a run by the name that a page has for it: one of those that are listed, and no other place. */
async function viewOf(c: Context, { roots, jobs }: Studio): Promise<RunView> {
  const name = c.req.query('path') ?? '';
  const view = (await describeRuns(roots, await jobs.list())).find((one) => one.name === name);
  if (view) return view;
  throw new UserError({
    code: 'file-not-found',
    problem: 'There is no run here.',
    where: name,
    fix: 'See the list of runs.',
  });
}

async function openRun(c: Context, studio: Studio): Promise<RunPage> {
  const view = await viewOf(c, studio);
  const exports = (await studio.jobs.list())
    .filter(({ kind, status, options }) => kind === 'export' && status !== 'removed' && options.run === view.path)
    .map((job) => ({ job, place: shownPath(job.output, studio.roots) }));
  const record = existsSync(join(view.path, 'run.json')) ? await studio.readRun(view.path) : undefined;
  return { view, exports, record };
}

async function openSweep(c: Context, studio: Studio): Promise<SweepPage> {
  const view = await viewOf(c, studio);
  return { view, sweep: existsSync(join(view.path, 'sweep.json')) ? await readSweep(view.path) : undefined };
}

/** Of a sweep the page that it wrote; of a run what its folder says now. */
async function report(path: string): Promise<string> {
  if (!existsSync(join(path, 'sweep.json'))) return reportPage(await readRunRecord(path));
  return readText(join(path, 'report.html'));
}

const nothingToCompare = () =>
  new UserError({
    code: 'option-invalid',
    problem: 'There is nothing to compare.',
    where: 'the list of runs',
    fix: 'Choose two or more runs.',
  });
