import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Mistake } from './mistake.ts';
import { type Answers, checkTogether, type Question, questions } from './questions.ts';
import { type RecipeNames, recipeNames } from './recipe-names.ts';
import { assertFree, scaffold } from './scaffold.ts';
import { type Asked, openTerminal, type Streams } from './terminal.ts';

type Flags = Readonly<Record<string, string | boolean | undefined>>;

const table: readonly (readonly [string, Question<unknown>])[] = Object.entries(questions);

const helpLine = (flag: string, help: string) => `  ${flag.padEnd(24)}${help}`;

const usage = `Starts a recipe package for Counterweight, in a new folder.

  npm create counterweight-recipe NAME -- [options]

NAME is the name of the package. As counterweight-recipe-lab-notes it is found by --recipe lab-notes; any other name is
given to --recipe whole: recipe-lab-notes, @acme/recipe-lab-notes.

${table.map(([, { flag, placeholder, help, ...rest }]) => helpLine(`--${flag} ${placeholder}`, `${help}${presetOf(rest)}`)).join('\n')}
${helpLine('--yes', 'ask nothing: what no flag says is the default')}
${helpLine('--help', 'show this')}

What no flag says is asked on a terminal, and the default elsewhere.
`;

/**
 * The program, from its arguments to the files.
 * @param cwd the folder that the package's folder is made in
 * @throws {Mistake} for what the person at the keyboard can mend
 * @throws {Left} where that person leaves
 */
export async function create(args: readonly string[], streams: Streams, cwd: string): Promise<void> {
  const { flags, name } = readArguments(args);
  if (flags.help) {
    streams.stdout.write(usage);
    return;
  }
  const given = readFlags(flags);
  // A name that can't be is said before anything is asked.
  const named = name === undefined ? undefined : namesIn(cwd, name);
  const asked = flags.yes ? undefined : openTerminal(streams);
  try {
    const names = named ?? (await askForName(asked, cwd));
    const answers = await answersTo(names, given, asked);
    const folder = resolve(cwd, names.folder);
    const files = scaffold(names, answers, folder);
    streams.stdout.write(farewell(names, folder, files));
  } finally {
    asked?.close();
  }
}

function readArguments(args: readonly string[]): { flags: Flags; name: string | undefined } {
  const { values, positionals } = parsed(args);
  const [name, ...rest] = positionals;
  if (rest.length > 0) throw new Mistake(`One name is enough: ${rest.join(' ')} is left over.`, 'Leave it out.');
  return { flags: values, name };
}

function parsed(args: readonly string[]) {
  const texts = table.map(([, { flag }]) => [flag, { type: 'string' as const }] as const);
  const switches = { help: { type: 'boolean', short: 'h' }, yes: { type: 'boolean', short: 'y' } } as const;
  try {
    const options = { ...Object.fromEntries(texts), ...switches };
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    const [problem = ''] = (error as Error).message.split(/[.] |\n/);
    throw new Mistake(`${problem.replace(/[.]$/, '')}.`, 'See npm create counterweight-recipe -- --help.');
  }
}

/** Every flag is read before anything is asked, so that a wrong one costs no answers. */
function readFlags(flags: Flags): Map<string, unknown> {
  const given = new Map<string, unknown>();
  for (const [name, { flag, parse }] of table) {
    const text = flags[flag];
    if (typeof text === 'string') given.set(name, parse(text));
  }
  return given;
}

function namesIn(cwd: string, name: string): RecipeNames {
  const names = recipeNames(name.trim());
  assertFree(resolve(cwd, names.folder));
  return names;
}

async function askForName(asked: Asked | undefined, cwd: string): Promise<RecipeNames> {
  if (!asked) throw new Mistake('The name of the package is missing.', usage.trimEnd());
  const question = 'Name of the package (counterweight-recipe-lab-notes is found by --recipe lab-notes)';
  return await asked.ask(question, '', (name) => namesIn(cwd, name));
}

async function answersTo(
  { recipe }: RecipeNames,
  given: ReadonlyMap<string, unknown>,
  asked: Asked | undefined,
): Promise<Answers> {
  const answers: Record<string, unknown> = {};
  for (const [name, question] of table) {
    const preset = question.default(recipe);
    const take = (text: string) => {
      const value = question.parse(text);
      if (name === 'answer') checkTogether({ ...answers, answer: value } as unknown as Answers);
      return value;
    };
    answers[name] = given.has(name)
      ? given.get(name)
      : ((await asked?.ask(question.ask, preset, take)) ?? take(preset));
  }
  checkTogether(answers as unknown as Answers);
  return answers as unknown as Answers;
}

function presetOf(question: Pick<Question<unknown>, 'default'>): string {
  const preset = question.default('NAME');
  return preset === '' ? '' : ` (${preset})`;
}

const farewell = ({ folder: name }: RecipeNames, folder: string, files: readonly string[]) => `${folder}
${files.map((file) => `  ${file}`).join('\n')}

Next:
  cd ${name}
  npm install
  npm test
  npx counterweight preview --recipe ./src/index.ts --data samples/rows.jsonl --model FOLDER
Then put rows of your own into samples/, and make src/render.ts and src/metrics.ts those of your domain. README.md says how.
`;
