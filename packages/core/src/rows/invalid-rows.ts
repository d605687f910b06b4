import { UserError } from '../errors.ts';
import type { SourceRow } from './source-row.ts';

/** What can be wrong with a row by itself, so that it can be left out. */
const OF_A_ROW: ReadonlySet<string> = new Set([
  ...['row-invalid', 'file-malformed', 'template-refused', 'template-unstable', 'example-too-long'],
]);

export const isOfARow = (error: unknown): error is UserError => error instanceof UserError && OF_A_ROW.has(error.code);

/** Rows named in an error, at least, where there are so many; and rows that are read on for it. */
const NAMED = 10;
const READ_ON = 1000;
/** Rows named in an error at most. */
const MOST_NAMED = 50;

/** Invalid rows as they come: up to a number they are left out, one more ends the reading. */
export interface InvalidRows {
  /**
   * @returns whether to go on: the row is left out, or a few more are looked for before the error is thrown
   * @throws the error itself where it is not of a row; an error that names all that were found
   */
  add(source: SourceRow, error: unknown): void;
  /** A row that is valid has passed. @returns false where rows are only looked at any more, for what else is wrong */
  pass(): boolean;
  /** The rows, and an error that ends them after what was found before it. */
  of(rows: AsyncIterable<SourceRow> | Iterable<SourceRow>): AsyncIterable<SourceRow>;
  /** All rows have passed. @throws {UserError} as above, where there are more than allowed */
  end(): void;
}

/**
 * @param allowed rows that may be invalid (`skipInvalid`)
 * @param leaveOut told of each of them
 */
export function invalidRows(allowed: number, leaveOut: (source: SourceRow, error: UserError) => void): InvalidRows {
  const found: { readonly number: number; readonly error: UserError }[] = [];
  let readOn = 0;
  const end = () => {
    if (found.length > allowed) {
      throw listed(
        found.sort((a, b) => a.number - b.number).map(({ error }) => error),
        allowed,
      );
    }
  };
  const readsOn = () => {
    if (found.length > allowed && ++readOn > READ_ON) end();
  };
  return {
    add(source, error) {
      if (!isOfARow(error)) throw error;
      found.push({ number: source.number ?? source.line, error });
      if (found.length <= allowed) leaveOut(source, error);
      if (found.length > allowed && found.length >= NAMED) end();
      readsOn();
    },
    pass() {
      readsOn();
      return found.length <= allowed;
    },
    async *of(rows) {
      try {
        yield* rows;
      } catch (error) {
        if (found.length <= allowed || !isOfARow(error)) throw error;
        found.push({ number: Number.POSITIVE_INFINITY, error });
        end();
      }
    },
    end,
  };
}

/** One error is itself; of several, the first says where and how, and all are named. */
function listed(found: readonly UserError[], allowed: number): UserError {
  const [first] = found as [UserError, ...UserError[]];
  if (found.length === 1) return first;
  const lines = found.slice(0, MOST_NAMED).map(({ where, problem }) => `    ${where}: ${problem}`);
  const more = found.length > MOST_NAMED ? [`    and ${found.length - MOST_NAMED} more`] : [];
  const many =
    allowed > 0 ? `More than the ${allowed} rows that may be left out are invalid` : 'Several rows are invalid';
  return new UserError({
    code: first.code,
    problem: [`${many}:`, ...lines, ...more].join('\n'),
    ...(first.where === undefined ? {} : { where: first.where }),
    fix: `${first.fix} Rows may be left out, and counted: --skip-invalid ${Math.max(found.length, 2 * allowed)}.`,
    cause: first,
  });
}
