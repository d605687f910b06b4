import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/metadata/metadata.ts';

const text = readFileSync(join(root, 'README.md'), 'utf8');

function found(pattern: RegExp): string {
  const [, part] = pattern.exec(text) ?? [];
  if (part === undefined) throw new Error(`README.md has nothing like ${pattern}`);
  return part;
}

/** What the README's first line of installation installs. */
export const installed = found(/^npm install (@counterweight\/core .*)$/m).split(/\s+/);

/** The README's first program: an ES module in TypeScript that is JavaScript as well. */
export const program = found(/```ts\n([\s\S]*?)```/);

/** The same for who has CommonJS: `require` in place of `import`, and a function around what waits. */
export function asCommonJs(module: string): string {
  const imports = /^import (\{.*?\}) from ('.*?');\n/gm;
  const required = [...module.matchAll(imports)].map(([, names, from]) => `const ${names} = require(${from});\n`);
  return `${required.join('')}(async () => {${module.replaceAll(imports, '')}})();\n`;
}

/** As TypeScript has CommonJS: with imports, which it makes `require` of. */
export function inFunction(module: string): string {
  const imports = module.match(/^import .*\n/gm) ?? [];
  return `${imports.join('')}(async () => {${module.replaceAll(/^import .*\n/gm, '')}})();\n`;
}
