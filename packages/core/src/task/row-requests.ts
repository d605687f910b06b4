import { type GenerationRequest, requestMaker } from '../generation/request.ts';
import { settingsOf } from '../recipe/settings-of.ts';
import { parseSourceRow, renderSourceRow } from '../rows/parse-rows.ts';
import { placeOf, type SourceRow } from '../rows/source-row.ts';
import { tokenizePrompt } from '../tokenization/tokenize-example.ts';
import type { Task } from './open-task.ts';

/**
 * What to generate for rows of the task's recipe: each prompt is exactly the one that training showed.
 * @param newTokens in place of the recipe's own
 */
export function rowRequests<Row>(
  { recipe, tokenizer, chat, maxLengthOf }: Task<Row>,
  newTokens: number | undefined,
): (source: SourceRow) => GenerationRequest {
  const requestFor = requestMaker(recipe, tokenizer, newTokens);
  return (source) => {
    const row = parseSourceRow(source, recipe);
    const settings = settingsOf(recipe, row);
    const { layout } = settings;
    const room = {
      maxLength: maxLengthOf(settings),
      maxNewTokens: settings.defaults.maxNewTokens,
      newTokens,
      where: placeOf(source),
    };
    const rendered = renderSourceRow(source, row, recipe);
    return requestFor(row, tokenizePrompt(rendered, { layout, chat, tokenizer, ...room }).ids);
  };
}
