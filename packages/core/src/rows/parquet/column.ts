import type { FieldsOfColumns } from '../../recipe/exact-json.ts';
import { checkBounds } from './bounds.ts';
import { logicalReader } from './logical.ts';
import type { ColumnChunk } from './metadata.ts';
import { type Page, readPages } from './pages.ts';
import type { SchemaNode } from './schema.ts';

/** The values of a column in a group, one after the other, as Dremel's triples of levels and value. */
export interface ColumnReader {
  readonly node: SchemaNode;
  /** Levels of the next one; behind the last one a row would begin. */
  repetition(): number;
  definition(): number;
  /** The next one, null where there is no value, and moves on. */
  take(): unknown;
  /** @throws {Error} where there are more, or they are not those that the file says there are */
  end(): void;
}

/** @param bytes of the chunk */
export function readColumn(bytes: Uint8Array, chunk: ColumnChunk, fields?: FieldsOfColumns): ColumnReader {
  const { node, values, name } = chunk;
  const pages = readPages(bytes, chunk);
  const told = logicalReader(node, fields);
  const bounds = checkBounds(chunk);
  let page: Page | undefined;
  let leftInPage = 0;
  let left = values;
  let dictionary: { readonly told: unknown[]; readonly seen: Uint8Array } | undefined;
  const nextPage = () => {
    for (;;) {
      const part = pages.next();
      if (part.done) throw new Error(`${name} has fewer values than it claims`);
      if ('page' in part.value) {
        page = part.value.page;
        leftInPage = page.count;
        if (leftInPage > 0) return;
      } else {
        const entries = part.value.dictionary;
        dictionary = { told: entries.map(told), seen: new Uint8Array(entries.length) };
        bounds.entries(entries, dictionary.seen);
      }
    }
  };
  const value = (): unknown => {
    const { place, value: next } = page as Page;
    if (place && dictionary) {
      const at = place();
      dictionary.seen[at] = 1;
      return dictionary.told[at];
    }
    const physical = next();
    bounds.value(physical);
    return told(physical);
  };
  let repetition = 0;
  let definition = 0;
  const advance = () => {
    repetition = 0;
    definition = 0;
    if (left === 0) return;
    if (leftInPage === 0) nextPage();
    repetition = (page as Page).repetition();
    definition = (page as Page).definition();
    if (repetition > node.repetitions || definition > node.definition) throw new Error(`${name} has a level too high`);
  };
  advance();
  return {
    node,
    repetition: () => repetition,
    definition: () => definition,
    take() {
      if (left === 0) throw new Error(`${name} has fewer rows than it claims`);
      left--;
      leftInPage--;
      const isThere = definition === node.definition;
      if (!isThere) bounds.none();
      const taken = isThere ? value() : null;
      advance();
      return taken;
    },
    end() {
      if (left > 0) throw new Error(`${name} has more rows than it claims`);
      bounds.end();
    },
  };
}
