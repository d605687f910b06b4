import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { similarPath } from '../files/similar-path.ts';
import type { Recipe } from '../recipe/recipe.ts';

/** A line of a file of outputs: the output of a row, several of it, none (of a row left out), or what a run wrote down of one. */
const lineSchema = z.union([
  z.string().transform((text) => [text]),
  z.array(z.string()).min(1),
  z.null().transform((): string[] => []),
  z.looseObject({
    row: z.int().positive(),
    reference: z.string(),
    output: z.string(),
    perturbation: z.string().optional(),
  }),
]);
type Line = z.output<typeof lineSchema>;
type PredictionLine = Exclude<Line, string[]>;

/**
 * The outputs of each row: of a line for each, or of the `predictions-STEP.jsonl` of a run, whose lines say which row they
 * are for. A row that a run has no outputs for has none here.
 * @param rows undefined for those that are left out
 * @throws {UserError} for a file that cannot be read, a line that is none of these, and lines for other rows
 */
export async function readOutputs<Row>(
  file: string,
  rows: readonly (Row | undefined)[],
  recipe: Recipe<Row>,
): Promise<string[][]> {
  const lines = (await linesOf(file)).map((line, i) => parseLine(line, { file, line: i + 1 }));
  const recorded = lines.filter((line): line is PredictionLine => !Array.isArray(line));
  if (recorded.length === 0) return oneEach(lines as string[][], rows.length, file);
  const strange = lines.findIndex((line) => Array.isArray(line));
  if (strange >= 0)
    throw malformed('Some lines say which row they are for, and this one does not.', { file, line: strange + 1 });
  const outputs = rows.map((): string[] => []);
  // A run counts the rows that fit its recipe.
  const places = rows.flatMap((row, i) => (row === undefined ? [] : [i]));
  for (const [i, { row: number, reference, output, perturbation }] of recorded.entries()) {
    // What was written to a prompt in other words is no second output of the row.
    if (perturbation !== undefined) continue;
    const place = places[number - 1] ?? -1;
    const row = rows[place];
    if (row === undefined || referenceOf(row, recipe) !== reference) throw otherRows(number, { file, line: i + 1 });
    outputs[place]?.push(output);
  }
  return outputs;
}

function oneEach(outputs: string[][], rows: number, file: string): string[][] {
  if (outputs.length === rows) return outputs;
  throw new UserError({
    code: 'file-malformed',
    problem: `There are ${rows} rows, but ${outputs.length} lines of outputs.`,
    where: file,
    fix: 'Give one line for each row, in the order of the rows.',
  });
}

/** The right answer as a run writes it down. */
const referenceOf = <Row>(row: Row, recipe: Recipe<Row>): string =>
  recipe
    .render(row)
    .completion.map((segment) => segment.text)
    .join('');

async function linesOf(file: string): Promise<string[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    const problem = 'The file of outputs cannot be read.';
    const fix = `${similarPath(file)}Check the path.`;
    throw new UserError({ code: 'file-not-found', problem, where: file, fix, cause });
  }
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  // What follows the last line break is no line.
  if (lines.at(-1)?.trim() === '') lines.pop();
  return lines;
}

interface Place {
  readonly file: string;
  readonly line: number;
}

function parseLine(text: string, place: Place): Line {
  const { data } = lineSchema.safeParse(parsed(text));
  if (data !== undefined) return data;
  const start = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  throw malformed(`A line is neither a JSON string nor an array of them: ${start}`, place);
}

const malformed = (problem: string, { file, line }: Place): UserError =>
  new UserError({
    code: 'file-malformed',
    problem,
    where: `${file}, line ${line}`,
    fix: 'Write each output with its quotes, line breaks as \\n: "card arrival"; or several of a row as ["…", "…"].',
  });

const otherRows = (number: number, { file, line }: Place): UserError =>
  new UserError({
    code: 'file-malformed',
    problem: `The run's row ${number} had another answer than row ${number} of the data.`,
    where: `${file}, line ${line}`,
    fix: 'Give the file that the run was evaluated on (--eval-data), with the recipe and its options; rows that the run dropped are to be left out of it.',
  });

/** Undefined for what is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
