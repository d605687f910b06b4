import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { undocumentedOptions } from '../publishing/option-comments.ts';

const path = (relative: string) => fileURLToPath(new URL(`../../${relative}`, import.meta.url));
const { options } = ts.parseJsonConfigFileContent(
  ts.readConfigFile(path('tsconfig.json'), ts.sys.readFile).config,
  ts.sys,
  path('.'),
);

/** What an editor shows where an option is written. `check:packages` asks the same of the declarations that are published. */
describe('options in an editor', () => {
  it('have a comment each', () => {
    expect(undocumentedOptions(path('packages/cli'), options)).toEqual([]);
  });
});
