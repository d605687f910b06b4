/** Reads rows and counts them for a page: a process of its own, started by `preview-process.ts`. */
import { preview, resolveRecipe, UserError } from '@counterweight/core';
import type { PreviewAnswer, PreviewRequest } from './preview-process.ts';

process.on('message', async ({ id, recipe, options }: PreviewRequest) => {
  answer(
    await preview({ recipe: await resolveRecipe(recipe), ...options }).then(
      ({ receipt, examples }) => ({ id, previewed: { receipt, examples } }),
      (error: Error) => ({ id, failure: failureOf(error) }),
    ),
  );
});
// Whoever asked is gone.
process.once('disconnect', () => process.exit());

const answer = (said: PreviewAnswer) => process.send?.(said);

function failureOf(error: Error): PreviewAnswer['failure'] {
  if (!(error instanceof UserError)) return { message: error.stack ?? error.message };
  const { code, problem, where, fix } = error;
  return { mistake: { code, problem, fix, ...(where !== undefined && { where }) } };
}
