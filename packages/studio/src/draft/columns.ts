import { nearestOf } from '@counterweight/core';

/** What a field is often called in files that were not made for us. */
const OTHER_NAMES: Readonly<Record<string, readonly string[]>> = {
  prompt: ['question', 'input', 'instruction', 'query', 'text', 'source'],
  completion: ['answer', 'output', 'response', 'target', 'label', 'reply'],
  message: ['text', 'utterance', 'query', 'question', 'body', 'content', 'input'],
};
const ANSWERS = ['label', 'category', 'class', 'intent', 'answer', 'output', 'target', 'completion', 'response'];

/**
 * Which column of a file each field of a recipe may be: of the same name, of nearly the same, of one that is often used for
 * it. What is guessed is shown to the user, who knows.
 * @returns columns by field; a field without a guess is missing
 */
export function guessColumns(
  fields: readonly string[],
  answerField: string,
  columns: readonly string[],
): Record<string, string> {
  const guessed: Record<string, string> = {};
  const free = () => columns.filter((column) => !Object.values(guessed).includes(column));
  const open = () => fields.filter((field) => guessed[field] === undefined);
  const guess = (find: (field: string) => string | undefined) => {
    for (const field of open()) {
      const column = find(field);
      if (column !== undefined) guessed[field] = column;
    }
  };
  const named = (names: readonly string[]) => free().find((column) => names.includes(column.trim().toLowerCase()));
  guess((field) => free().find((column) => column === field));
  guess((field) => named([field.toLowerCase()]));
  // A file that has some of the names as they are was made for the recipe: the other fields may be left out.
  if (Object.keys(guessed).length > 0 && guessed[answerField] !== undefined) return guessed;
  guess((field) => nearestOf(field, free()));
  guess((field) => named(OTHER_NAMES[field] ?? []));
  guess((field) => (field === answerField ? named(ANSWERS) : undefined));
  // One field and one column left: they are probably each other's.
  const [field, column] = [open(), free()];
  if (field.length === 1 && column.length === 1) guessed[field[0] as string] = column[0] as string;
  return guessed;
}
