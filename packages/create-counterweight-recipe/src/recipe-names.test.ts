import { describe, expect, it } from 'vitest';
import { Mistake } from './mistake.ts';
import { recipeNames } from './recipe-names.ts';

describe('recipeNames', () => {
  it.each([
    ['recipe-lab-notes', 'recipe-lab-notes', 'lab-notes', 'labNotes', 'LabNotes'],
    ['@acme/recipe-claims', 'recipe-claims', 'claims', 'claims', 'Claims'],
    ['counterweight-recipe-wine2vec', 'counterweight-recipe-wine2vec', 'wine2vec', 'wine2vec', 'Wine2vec'],
    ['my-recipe', 'my-recipe', 'my-recipe', 'myRecipe', 'MyRecipe'],
  ])('makes of %s what belongs to it', (packageName, folder, recipe, factory, typePrefix) => {
    expect(recipeNames(packageName)).toEqual({ packageName, folder, recipe, factory, typePrefix });
  });

  it.each(['', 'Recipe', 'lab notes', 'lab_notes', '../lab', '@acme', '@acme/', '-lab', '2lab', 'x'.repeat(215)])(
    'refuses %j',
    (name) => {
      expect(() => recipeNames(name)).toThrow(Mistake);
    },
  );

  it.each(['recipe-new', 'default', 'recipe-render', 'recipe-labels', 'recipe-recipe', 'recipe-exact-match'])(
    'refuses %s, whose factory could not be named',
    (name) => {
      expect(() => recipeNames(name)).toThrow(/which is taken[\s\S]*fix: Add a word/);
    },
  );
});
