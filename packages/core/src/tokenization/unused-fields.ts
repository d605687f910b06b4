import type { Recipe, RenderedExample } from '../recipe/recipe.ts';
import { unreadFieldsOf } from '../recipe/unread-fields.ts';
import type { SourceRow } from '../rows/source-row.ts';
import type { ChatTemplate } from '../tokenizer/chat-template.ts';
import { unwrittenFields } from './chat/written-fields.ts';

/**
 * The fields of a row that say something and of which the model hears nothing: neither its recipe reads them, nor an
 * option, nor does the chat template write them.
 * @param columns what options read of a row: `rowWeight`
 */
export function unusedFields<Row>(
  recipe: Recipe<Row>,
  template?: ChatTemplate | undefined,
  columns: readonly (string | undefined)[] = [],
): (source: SourceRow, rendered: RenderedExample) => string[] {
  const unwritten = unwrittenFields(template);
  return ({ value }, rendered) => [
    ...unreadFieldsOf(recipe, value).filter((field) => !columns.includes(field)),
    ...unwritten(rendered),
  ];
}
