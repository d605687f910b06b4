import packageJson from '../package.json' with { type: 'json' };
import type { Answers } from './questions.ts';
import type { RecipeNames } from './recipe-names.ts';
import { titleOf } from './title-of.ts';

/**
 * A file of the template with what the package is called and holds in place of the template's own words. A line that
 * names `myField` or `myLabel` is there once for each of them.
 */
export function fillIn(text: string, names: RecipeNames, answers: Answers): string {
  const words: Readonly<Record<string, string>> = {
    'counterweight-recipe-my-domain': `counterweight-recipe-${names.recipe}`,
    'recipe-my-domain': names.packageName,
    'my-domain': names.recipe,
    myDomain: names.factory,
    MyDomain: names.typePrefix,
    // In package.json and in a sentence alike.
    'my-description': JSON.stringify(answers.description).slice(1, -1),
    'my description': answers.description,
    'my-license': JSON.stringify(answers.license).slice(1, -1),
    myAnswer: answers.answer,
    MyAnswer: titleOf(answers.answer),
    'promptLossWeight: 0.01': `promptLossWeight: ${answers.promptLossWeight}`,
    '0.0.0-core': `^${packageJson.version}`,
  };
  return text
    .split('\n')
    .flatMap((line) => {
      if (/myField/i.test(line)) {
        return answers.fields.map((field) => replaced(line, { ...words, myField: field, MyField: titleOf(field) }));
      }
      if (line.includes('myLabel')) {
        return answers.labels.map((label) => replaced(line, { ...words, myLabel: label.replace(/[\\']/g, '\\$&') }));
      }
      return [replaced(line, words)];
    })
    .join('\n');
}

/** In one pass: what was put in is not looked at again. The longer word goes first. */
function replaced(line: string, words: Readonly<Record<string, string>>): string {
  const longestFirst = Object.keys(words).sort((a, b) => b.length - a.length);
  const pattern = new RegExp(longestFirst.map((word) => word.replaceAll('.', '[.]')).join('|'), 'g');
  return line.replace(pattern, (word) => words[word] ?? word);
}
