import { UserError } from '@counterweight/core';
import { formatBytes, html } from '@counterweight/core/report';
import { Hono } from 'hono';
import { z } from 'zod';
import { describeDraft } from '../draft/describe-draft.ts';
import { type Form, unknownRecipe } from '../draft/draft.ts';
import { requestOf } from '../draft/request-of.ts';
import { checkedModel } from '../folder/checked-model.ts';
import { ownFolder, rowsInside, shownPath } from '../folder/inside.ts';
import { listModels } from '../folder/list-models.ts';
import { listRows } from '../folder/list-rows.ts';
import { receiveUpload } from '../folder/receive-upload.ts';
import { draftParts, newRunPage } from '../pages/new-run.ts';
import { runAddress } from '../pages/run-list.ts';
import { readBody } from './read-body.ts';
import type { Studio } from './studio.ts';

const formSchema = z.record(z.string().max(200), z.string().max(20_000));

/** From a form to a run. */
export function newRunRoutes(studio: Studio): Hono {
  const { roots, recipes, recipeSources, previewer, jobs, uploadLimit } = studio;
  const app = new Hono();
  const describe = (form: Form) => describeDraft(form, { recipes: recipeSources, previewer });

  app.get('/new', async (c) => {
    const form = checkedForm({ ...c.req.query() }, studio);
    const [models, rows, state] = await Promise.all([listModels(roots), listRows(roots), describe(form)]);
    return c.html(newRunPage({ recipes, models, rows, form, state, limit: formatBytes(uploadLimit) }));
  });

  app.post('/new/parts', async (c) => {
    const form = checkedForm(await readBody(c, formSchema), studio);
    const state = await describe(form);
    const parts = Object.entries(draftParts(state, form)).map(([id, content]) => [id, html`${content}`.markup]);
    return c.json({
      parts: Object.fromEntries(parts),
      ready: state.preview !== undefined,
      weight: state.preview?.weight ?? state.recipe?.defaults.promptLossWeight ?? null,
    });
  });

  app.post('/upload', async (c) => {
    const { body } = c.req.raw;
    if (!body) throw new UserError({ code: 'file-empty', problem: 'The file is empty.', fix: 'Choose another one.' });
    const bytes = Number(c.req.header('content-length') ?? 0);
    const path = await receiveUpload({ name: c.req.query('name') ?? '', body, bytes }, roots, uploadLimit);
    return c.json({ path, name: shownPath(path, roots) });
  });

  app.post('/start', async (c) => {
    const form = checkedForm(await readBody(c, formSchema), studio);
    const { draft, preview, problem } = await describe(form);
    if (problem) throw problem;
    if (!preview)
      throw new UserError({
        code: 'option-invalid',
        problem: 'Something is still to be chosen.',
        fix: 'Choose a model and rows.',
      });
    const request = requestOf(draft, form, {
      runs: await ownFolder('runs', roots),
      sweeps: await ownFolder('sweeps', roots),
      invalidRows: preview.receipt.dropped.filter(({ reason }) => reason === 'invalid').length,
    });
    const { kind, output } = await jobs.add(request);
    return c.json({ go: runAddress({ kind: kind === 'sweep' ? 'sweep' : 'run', name: shownPath(output, roots) }) });
  });
  return app;
}

/** A form whose paths are in the studio's folders, each with no link left in it. @throws {UserError} for others */
function checkedForm(form: Form, { roots, recipes }: Studio): Form {
  const { recipe = 'plain', model = '', data = '', evalData = '' } = form;
  if (!recipes.includes(recipe)) throw unknownRecipe(recipe);
  return {
    ...form,
    model: model === '' ? '' : checkedModel(model, roots),
    data: data === '' ? '' : rowsInside(data, roots),
    evalData: evalData === '' ? '' : rowsInside(evalData, roots),
  };
}
