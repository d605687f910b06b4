import { z } from 'zod';
import { type Role, RowError } from '../recipe.ts';
import { readContent, refuseMedia } from './content.ts';
import { speakerOf } from './roles.ts';
import { fieldsOf, inTurn, readList } from './said.ts';
import { isFields, kindOf, says } from './says.ts';

/** What somebody says in a dialogue that a recipe is about. */
export interface DialogueTurn {
  /** As the row names them: `Agent`, `user`, `gpt`. */
  readonly speaker: string;
  /** Whose part that is in a chat, where the name is one that chats have. */
  readonly role?: Role;
  readonly text: string;
}

/**
 * A dialogue that is read, not continued, in the forms that messages have: turns `{speaker, text}`, `{role, content}`,
 * `{from, value}`, texts in turn, also as JSON text. Speakers may have any names; every turn says something in words. A text that
 * is no JSON stays one: a line for each turn, as its author has it.
 * @param field where it stands in the row, for errors
 * @throws {RowError} naming the turn and the field in it that cannot be read
 * @example
 * ```ts
 * import { readDialogue } from '@counterweight/core/recipe';
 *
 * readDialogue([{ from: 'human', value: 'Where is it?' }], 'dialogue'); // [{ speaker: 'human', role: 'user', text: 'Where is it?' }]
 * ```
 */
export function readDialogue(value: unknown, field: string): string | readonly DialogueTurn[] {
  if (typeof value === 'string' && !/^\s*\[\s*[{"]/.test(value)) return value;
  return readList(value, field).map((said, i) => {
    const place = `${field}.${i}`;
    if (typeof said === 'string') return { speaker: inTurn(i), role: inTurn(i), text: said };
    if (!isFields(said)) throw new RowError(place, `"${place}" is ${kindOf(said)}, and no turn {speaker, text}`);
    return readTurn(said, place);
  });
}

function readTurn(said: Readonly<Record<string, unknown>>, place: string): DialogueTurn {
  refuseMedia(said, `${place}.`);
  const { roleField, contentField } = fieldsOf(said);
  const speaker = said[roleField];
  if (typeof speaker !== 'string' || speaker.trim() === '') {
    const field = `${place}.${roleField}`;
    const problem = says(speaker)
      ? `is ${kindOf(speaker)}`
      : 'is missing: a turn is {speaker, text}, or {role, content}';
    throw new RowError(field, `"${field}" ${problem}`);
  }
  const field = `${place}.${contentField}`;
  const text = readContent(said[contentField], field);
  if (text === null || text.trim() === '') {
    const what = text === null ? kindOf(said[contentField]) : 'empty';
    throw new RowError(field, `"${field}" is ${what}: every turn of a dialogue says something in words`);
  }
  // Beside a text, "Bot" is somebody's name; in a chat it is the assistant's.
  const isChat = roleField !== 'speaker' || /^(user|assistant)$/i.test(speaker.trim());
  const known = isChat ? speakerOf(speaker) : undefined;
  return { speaker: speaker.trim(), ...(known !== undefined && known !== 'call' && { role: known }), text };
}

const content = z.union([z.string(), z.array(z.unknown())]);

/** What a dialogue looks like in a row, so that a schema knows which of its fields are read. */
const turnSchema = z.union([
  z.object({ speaker: z.string(), text: content, role: z.string().optional() }),
  z.object({ role: z.string(), content }),
  z.object({ from: z.string(), value: content }),
  z.object({ who: z.string(), text: content }),
]);

/**
 * The field of a row that holds a dialogue, for `defineRecipe`; see {@link readDialogue}.
 * @param field its name, for errors
 * @example
 * ```ts
 * import { dialogueSchema } from '@counterweight/core/recipe';
 * import { z } from 'zod';
 *
 * const row = z.object({ dialogue: dialogueSchema('dialogue'), summary: z.string().optional() });
 * ```
 */
export const dialogueSchema = (field: string) =>
  z.preprocess(
    (value) => (value === undefined ? value : readDialogue(value, field)),
    z.union([z.string().trim().min(1), z.array(turnSchema).min(1)]),
  ) as unknown as z.ZodType<string | readonly DialogueTurn[]>;
