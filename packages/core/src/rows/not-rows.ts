import { basename } from 'node:path';
import type { UserError } from '../errors.ts';
import { malformed } from './malformed.ts';

/** Fields that hold the rows of a file that is one object. */
const HOLDERS = [
  ...['data', 'rows', 'train', 'training', 'training_data', 'examples', 'instances', 'samples', 'records', 'entries'],
  ...['dataset', 'test', 'validation', 'eval', 'dev'],
];

/** Why the only object of a file is no row: the rows are within it, or its fields are columns. Undefined where it may be one. */
export function notRows(value: unknown, path: string): UserError | undefined {
  if (!isObject(value)) return undefined;
  const holders = HOLDERS.filter((name) => isListOf(value[name], isObject));
  if (holders.length > 0) {
    const name = holders[0] as string;
    const named = holders.map((holder) => `"${holder}"`).join(' and ');
    const problem = `The file holds one object, whose rows are in ${named}.`;
    return malformed(path, problem, `Write the rows by themselves: jq -c '.${name}[]' ${jsonLines(path)}`);
  }
  const columns = Object.values(value);
  const lengths = new Set(columns.map((column) => (Array.isArray(column) ? column.length : undefined)));
  const areLists = columns.every((column) => isListOf(column, (one) => typeof one !== 'object' || one === null));
  const areNumbered = columns.every(
    (column) => isObject(column) && Object.keys(column).every((key) => /^\d+$/.test(key)),
  );
  if (columns.length < 2 || !(areNumbered || (areLists && lengths.size === 1))) return undefined;
  const problem = 'The file holds one object of columns, not rows.';
  return malformed(
    path,
    problem,
    "Write it by rows; in pandas, df.to_json('rows.jsonl', orient='records', lines=True).",
  );
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isListOf = (value: unknown, fits: (one: unknown) => boolean): boolean =>
  Array.isArray(value) && value.length > 0 && value.every(fits);

const jsonLines = (path: string): string =>
  `${basename(path)} > ${basename(path).replace(/\.\w+(\.gz)?$/, '')}-rows.jsonl`;
