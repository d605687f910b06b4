import { UserError } from '../../errors.ts';
import type { RenderedExample } from '../../recipe/recipe.ts';
import { THOUGHT_FIELDS } from '../../recipe/thought-fields.ts';
import { isSaid, SAID_FIELDS } from '../chat/messages.ts';

/**
 * A plain layout writes texts. Calls of tools, tools to call and thoughts that are to be learnt are no texts, and only a
 * chat template knows how a model writes them.
 * @throws {UserError} `row-invalid`, naming what it can't write
 */
export function refuseUnwritten({ prompt, completion, tools }: RenderedExample, where: string): void {
  if (isSaid(tools)) throw refused('the row\'s "tools"', where);
  for (const { role, weight = 1, message } of [...prompt, ...completion]) {
    const isLearnt = completion.length > 0 && role === 'assistant' && weight > 0;
    const fields = [...SAID_FIELDS, ...(isLearnt ? THOUGHT_FIELDS : [])];
    const field = fields.find((name) => isSaid(message?.[name]));
    if (field) throw refused(`the ${role}'s "${field}"`, where);
  }
}

function refused(what: string, where: string): UserError {
  return new UserError({
    code: 'row-invalid',
    problem: `The plain layout can't write ${what}: only a chat template knows how.`,
    where,
    fix: 'Take it out of the row, or train a model with a chat template that writes it.',
  });
}
