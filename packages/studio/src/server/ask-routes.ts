import { resolveRecipe } from '@counterweight/core';
import { Hono } from 'hono';
import { stream } from 'hono/streaming';
import { z } from 'zod';
import { answer } from '../ask/answer.ts';
import { type Answerer, answererOf, listAskables } from '../ask/askables.ts';
import { rowOf } from '../ask/row-of.ts';
import type { RecipeSources } from '../draft/draft.ts';
import { type AskPage, askPage } from '../pages/ask.ts';
import { readBody } from './read-body.ts';
import type { Studio } from './studio.ts';
import { asUserError } from './user-error.ts';

const questionSchema = z.object({
  whom: z.string().min(1).max(4000),
  /** Whose recipe it is asked with, where they were trained. */
  beside: z.string().max(4000).default(''),
  row: z.record(z.string(), z.string().max(100_000)),
  maxNewTokens: z.int().positive().max(100_000).optional(),
  temperature: z.number().min(0).optional(),
});

/** The page that asks two models the same, and their answers. */
export function askRoutes(studio: Studio): Hono {
  const [cwd] = studio.roots;
  const app = new Hono();

  app.get('/ask', async (c) => {
    const askables = await listAskables(studio);
    const named = (value: string | undefined) => (askables.some((one) => one.value === value) ? (value as string) : '');
    const right = named(c.req.query('right')) || (askables[0]?.value ?? '');
    const asked = c.req.query('left');
    const left = asked === '' ? '' : named(asked) || named(right.replace(/^run:/, 'base:')) || '';
    const question = await questionTo([right, left].filter(Boolean), studio);
    return c.html(askPage({ askables, left: left === right ? '' : left, right, ...question }));
  });

  app.post('/answer', async (c) => {
    const { whom, beside, row, ...sampling } = await readBody(c, questionSchema);
    const answerers = await Promise.all([whom, beside].filter(Boolean).map((one) => answererOf(one, studio)));
    const { trainedWith: _, ...model } = answerers[0] as Answerer;
    const way = wayOf(answerers);
    const { parseRow } = await recipeOf(way, studio.recipeSources);
    const question = { ...model, ...way, row: rowOf(row, parseRow), ...sampling };
    c.header('Content-Type', 'application/x-ndjson; charset=utf-8');
    return stream(c, async (out) => {
      const left = new AbortController();
      out.onAbort(() => left.abort());
      for await (const piece of answer(question, { program: studio.program, cwd, signal: left.signal })) {
        await out.write(`${JSON.stringify(piece)}\n`);
      }
    });
  });
  return app;
}

/** Both are asked alike: as the first of them that was trained. */
const wayOf = (answerers: readonly Answerer[]): Way =>
  answerers.find(({ trainedWith }) => trainedWith)?.trainedWith ?? { recipe: 'plain' };

/** What a question to them is made of, or why they cannot be asked: others still can. */
async function questionTo(
  whom: readonly string[],
  studio: Studio,
): Promise<Pick<AskPage, 'recipe' | 'fields' | 'problem'>> {
  try {
    const way = wayOf(await Promise.all(whom.map((one) => answererOf(one, studio))));
    return { recipe: way.recipe, fields: await fieldsOf(way, studio.recipeSources) };
  } catch (error) {
    return { recipe: '', fields: [], problem: asUserError(error) };
  }
}

type Way = NonNullable<Answerer['trainedWith']>;

const recipeOf = ({ recipe, recipeOptions }: Way, place: RecipeSources) =>
  resolveRecipe({ recipe, ...(recipeOptions && { recipeOptions }), ...place });

async function fieldsOf(way: Way, place: RecipeSources): Promise<readonly string[]> {
  if (way.recipe === 'plain') return ['prompt'];
  const { rowFields = [], answerField } = await recipeOf(way, place);
  return rowFields.filter((field) => field !== answerField);
}
