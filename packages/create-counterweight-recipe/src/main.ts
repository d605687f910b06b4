#!/usr/bin/env node
import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { Mistake } from './mistake.ts';
import { recipeNames } from './recipe-names.ts';
import { scaffold } from './scaffold.ts';

const usage = `Starts a recipe package for Counterweight, in a new folder.

  npm create counterweight-recipe NAME

NAME is the name of the package:
  npm create counterweight-recipe recipe-lab-notes
  npm create counterweight-recipe @acme/recipe-lab-notes
`;

async function main(args: readonly string[]): Promise<void> {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(usage);
    return;
  }
  const [name = await askForName(), ...rest] = args;
  if (rest.length > 0) throw new Mistake(`One name is enough: ${rest.join(' ')} is left over.`, 'Leave it out.');
  const names = recipeNames(name);
  const folder = resolve(names.folder);
  const files = scaffold(names, folder);
  process.stdout.write(`${folder}
${files.map((file) => `  ${file}`).join('\n')}

Next:
  cd ${names.folder}
  npm install
  npm test
  npx counterweight preview --recipe ./src/index.ts --data samples/rows.jsonl --model FOLDER
Then make src/row.ts, src/render.ts and src/metrics.ts those of your domain. README.md says how.
`);
}

async function askForName(): Promise<string> {
  if (!process.stdin.isTTY) throw new Mistake('The name of the package is missing.', usage.trimEnd());
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const name = await terminal.question('Name of the package (recipe-lab-notes): ');
  terminal.close();
  return name.trim();
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Mistake)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
