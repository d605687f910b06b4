import { keyOf } from './dict.ts';
import { listFilters } from './filters-of-lists.ts';
import { numberFilters } from './filters-of-numbers.ts';
import { textFilters } from './filters-of-texts.ts';
import { type Library, unknownFilter, valueFilters } from './filters-of-values.ts';
import { tests as plainTests } from './tests.ts';
import type { Arguments, Value } from './values.ts';

type Filter = (args: Arguments) => Value;
type Test = (args: Arguments) => boolean;

const filters = new Map<string, Filter>();
const tests = new Map<string, Test>(Object.entries(plainTests));

/** All filters and tests of Jinja, and `tojson` as transformers has it. */
export const library: Library = {
  filter(name, line) {
    const found = filters.get(name);
    if (!found) throw unknownFilter('filter', name, line);
    return found;
  },
  test(name, line) {
    const found = tests.get(name);
    if (!found) throw unknownFilter('test', name, line);
    return found;
  },
};

for (const table of [listFilters, textFilters, numberFilters, valueFilters(library)]) {
  for (const [name, filter] of Object.entries(table)) filters.set(name, filter);
}
tests.set('filter', ({ positional: [name] }) => filters.has(keyOf(name as Value) as string));
tests.set('test', ({ positional: [name] }) => tests.has(keyOf(name as Value) as string));
