/** What mends the errors of Node that people meet first when a module of theirs is loaded. */
const FIXES: readonly (readonly [RegExp, (found: RegExpExecArray) => string])[] = [
  [
    /Cannot find package '([^']+)'/,
    ([, name]) => `Install it where the file is: npm install ${name} (pnpm add, yarn add).`,
  ],
  [
    /Cannot use import statement outside a module|Unexpected token 'export'/,
    () => 'Write "type": "module" into the package.json beside it, or let the file\'s name end in .mts (.mjs).',
  ],
  [
    /'(@counterweight\/core\S*)' does not provide an export named|Package subpath .* is not defined by "exports" in .*@counterweight/,
    () =>
      'The recipe and @counterweight/core are of different versions. Install the newest of both: ' +
      'npm install @counterweight/core@latest @counterweight/cli@latest, and the recipe.',
  ],
];

/**
 * The fix for a module of the user's that does not load, by what Node says of it.
 * @example
 * ```ts
 * import { loadFix } from '@counterweight/core';
 *
 * loadFix("Cannot find package 'zod' imported from /somewhere/recipe.ts"); // Install it where …: npm install zod …
 * ```
 */
export function loadFix(message: string): string {
  for (const [pattern, fix] of FIXES) {
    const found = pattern.exec(message);
    if (found) return fix(found);
  }
  return 'Run the file with node alone to see the whole error, and mend it.';
}
