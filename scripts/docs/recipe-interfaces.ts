import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { asComment, WIDTH } from './option-interface.ts';

/**
 * The options of our recipes as interfaces, with the comments of their schemas, which TypeScript leaves out of declarations
 * when it infers a type: an editor would show none to whoever installs a package.
 */

interface RecipeOptions {
  readonly schema: string;
  /** Of the interface; in front of it the task where each has options of its own. */
  readonly name: string;
  /** Options that have options, and the interface of those. */
  readonly nested?: Readonly<Record<string, string>>;
}

const RECIPES: Readonly<Record<string, RecipeOptions>> = {
  code: { schema: 'codeOptionsSchema', name: 'CodeOptionsInput', nested: { limits: 'ExecutionLimitsInput' } },
  education: { schema: 'educationOptionsSchema', name: 'EducationOptionsInput' },
  retail: { schema: 'retailOptionsSchema', name: 'RetailOptionsInput' },
  support: { schema: 'supportOptionsSchema', name: 'SupportOptionsInput' },
  translation: { schema: 'translationOptionsSchema', name: 'TranslationOptionsInput' },
};

const root = fileURLToPath(new URL('../..', import.meta.url));
const fileOf = (recipe: string) => `${root}packages/recipe-${recipe}/src/options.ts`;

/** Read once, for all recipes. */
let program: ts.Program | undefined;

function programOfAll(): ts.Program {
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  return ts.createProgram(Object.keys(RECIPES).map(fileOf), options);
}

/** The sources by their paths, each with what it holds. */
export const recipeInterfaces: Readonly<Record<string, () => string>> = Object.fromEntries(
  Object.entries(RECIPES).map(([recipe, options]) => [
    `packages/recipe-${recipe}/src/options-input.ts`,
    () => interfacesOf(recipe, options),
  ]),
);

function interfacesOf(recipe: string, { schema, name, nested = {} }: RecipeOptions): string {
  program ??= programOfAll();
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(fileOf(recipe)) as ts.SourceFile;
  const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(source) as ts.Symbol);
  const declared = exported.find((one) => one.name === schema) as ts.Symbol;
  const input = inputOf(checker.getTypeOfSymbol(declared), checker);
  const one = (title: string, what: string, { type, given }: { type: ts.Type; given: string }): string => {
    const own = type.getProperties().map((property) => {
      const inner = nested[property.name];
      const value = inner ? `${inner} | undefined` : `${given}['${property.name}']`;
      return fieldOf(property, value, checker);
    });
    return `/** ${what} */\nexport interface ${title} {\n${own.join('')}}\n`;
  };
  const head = [
    '// Made from options.ts beside it: `pnpm docs:tables` writes it anew.\n',
    "import type { z } from 'zod';",
    `import type { ${schema} } from './options.ts';\n`,
    `type Given = z.input<typeof ${schema}>;\n`,
  ];
  const inside = Object.entries(nested).map(([property, title]) => {
    const symbol = input.getProperty(property) as ts.Symbol;
    const type = checker.getNonNullableType(checker.getTypeOfSymbol(symbol));
    return one(title, `Of the option \`${property}\`.`, { type, given: `NonNullable<Given['${property}']>` });
  });
  if (!input.isUnion())
    return [
      ...head,
      ...inside,
      one(name, 'What the recipe is told. All of it may be left out.', { type: input, given: 'Given' }),
    ].join('\n');
  const alternatives = input.types.map((type) => {
    const { task, isOptional } = taskOf(type, checker);
    const title = `${pascal(task)}OptionsInput`;
    const given = `Extract<Given, { task${isOptional ? `?: '${task}' | undefined` : `: '${task}'`} }>`;
    return {
      title,
      source: `type ${pascal(task)} = ${given};\n\n${one(title, `Of the task \`${task}\`.`, { type, given: pascal(task) })}`,
    };
  });
  const titles = alternatives.map(({ title }) => title);
  const line = `export type ${name} = ${titles.join(' | ')};\n`;
  const lines = `export type ${name} =${titles.map((title) => `\n  | ${title}`).join('')};\n`;
  const union = `/** Each task has options of its own. */\n${line.trimEnd().length > WIDTH ? lines : line}`;
  return [...head, ...alternatives.map(({ source }) => source), union].join('\n');
}

/** What a schema takes, by zod's own account of it. */
function inputOf(schema: ts.Type, checker: ts.TypeChecker): ts.Type {
  const zod = checker.getTypeOfSymbol(schema.getProperty('_zod') as ts.Symbol);
  return checker.getTypeOfSymbol(zod.getProperty('input') as ts.Symbol);
}

function taskOf(type: ts.Type, checker: ts.TypeChecker): { readonly task: string; readonly isOptional: boolean } {
  const symbol = type.getProperty('task') as ts.Symbol;
  const word = checker.getNonNullableType(checker.getTypeOfSymbol(symbol)) as ts.StringLiteralType;
  return { task: word.value, isOptional: isOptional(symbol) };
}

function fieldOf(property: ts.Symbol, value: string, checker: ts.TypeChecker): string {
  const comment = ts.displayPartsToString(property.getDocumentationComment(checker)).replaceAll(/\s*\n\s*/g, ' ');
  return `${comment && asComment(comment)}  ${property.name}${isOptional(property) ? '?' : ''}: ${value};\n`;
}

const isOptional = ({ flags }: ts.Symbol): boolean => (flags & ts.SymbolFlags.Optional) !== 0;

/** `write-tests` → `WriteTests` */
const pascal = (words: string): string => words.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
