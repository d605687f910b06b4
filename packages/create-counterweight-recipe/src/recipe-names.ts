import { Mistake } from './mistake.ts';

/** What the parts of a recipe package are called. */
export interface RecipeNames {
  /** As npm knows it: `@acme/recipe-lab-notes`. */
  readonly packageName: string;
  /** The package's name without its scope: `recipe-lab-notes`. */
  readonly folder: string;
  /** As the command line and run.json know it: `lab-notes`. */
  readonly recipe: string;
  /** The function that makes the recipe: `labNotes`. */
  readonly factory: string;
  /** Prefix of its types: `LabNotes`. */
  readonly typePrefix: string;
}

const packageNamePattern = /^(@[a-z0-9][a-z0-9._-]*\/)?([a-z][a-z0-9]*(-[a-z0-9]+)*)$/;

/** Words that can't name a function in a module, and what the template's modules call other things. */
const takenWords = new Set(
  (
    'await break case catch class const continue debugger default delete do else enum export extends false finally ' +
    'for function if implements import in instanceof interface let new null package private protected public return ' +
    'static super switch this throw true try typeof var void while with yield arguments eval ' +
    'layout render labels options row rows lines recipe measure check describe it expect exactMatch macroF1 wordOverlap ' +
    'rowSchema optionsSchema renderWith defineRecipe resolveOptions recipeConformance readFileSync'
  ).split(' '),
);

/** @throws {Mistake} for a name that npm, the recipe contract or JavaScript would refuse. */
export function recipeNames(packageName: string): RecipeNames {
  const folder = packageNamePattern.exec(packageName)?.[2];
  if (folder === undefined || packageName.length > 214) {
    throw new Mistake(
      `"${packageName}" can't be the name of a recipe package.`,
      'Use lower-case words joined by hyphens, with a scope if you have one: recipe-lab-notes, @acme/recipe-lab-notes.',
    );
  }
  const recipe = folder.replace(/^(counterweight-)?recipe-(?=[a-z])/, '');
  const typePrefix = recipe.replace(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase());
  const factory = typePrefix.charAt(0).toLowerCase() + typePrefix.slice(1);
  if (takenWords.has(factory)) {
    throw new Mistake(
      `A recipe can't be called "${recipe}": the function that makes it would be called "${factory}", which is taken.`,
      `Add a word: recipe-${recipe}-notes.`,
    );
  }
  return { packageName, folder, recipe, factory, typePrefix };
}
