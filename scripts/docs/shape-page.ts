import { type Shape, shapes } from '../../packages/core/src/recipe/shapes/shapes.ts';
import { code, table } from './markdown.ts';

/** The kinds of rows of the plain recipe, and what each becomes. */
export const shapeTable = (): string =>
  table(
    ['kind', 'a row', 'what it becomes'],
    shapes.map((shape) => [shape.name, code(shape.example), becomes(shape)]),
  );

function becomes({ kind, words, inputs = [] }: Shape): string {
  if (kind === 'conversation')
    return 'the last message, the assistant’s, is the completion; its earlier ones are learnt too';
  if (kind === 'text') return 'learnt as it is, from its first token on';
  const more = inputs
    .map(code)
    .join(' (or ')
    .concat(inputs.length > 1 ? ')' : '');
  if (words === 'alpaca') return `put in Alpaca’s own words, with ${more} as the input`;
  return inputs.length > 0 ? `${more}, an empty line and the question are the prompt` : 'as it is';
}
