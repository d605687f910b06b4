import { placesOf } from '../perturbations/other-order.ts';
import { perturbations } from '../perturbations/perturbations.ts';
import { createRandom } from '../random.ts';
import { DEFAULT_PHRASING, HELD_OUT_PHRASING, withOwnFreedom } from '../recipe/freedom.ts';
import type { Recipe, Segment } from '../recipe/recipe.ts';
import { must, textOf } from './must.ts';

/**
 * What a recipe says of its texts can be done with them, and leaves the answer as it is.
 * @throws {Error} that says what is wrong
 */
export function checkFreedom<Row>(recipe: Recipe<Row>, input: unknown): void {
  const row = recipe.parseRow(input);
  const rendered = withOwnFreedom(recipe.render(row));
  for (const segment of rendered.prompt) {
    checkPhrasings(segment);
    const { items = [] } = segment.freedom ?? {};
    must(placesOf(items, segment.text) !== undefined, `the items do not stand in their text: ${items.join(', ')}`);
  }
  const completion = JSON.stringify(rendered.completion);
  for (const [name, perturb] of Object.entries(perturbations)) {
    const perturbed = perturb(rendered, createRandom(0));
    if (!perturbed) continue;
    const { example } = perturbed;
    must(JSON.stringify(example.completion) === completion, `the perturbation "${name}" changed the answer`);
    must(textOf(example.prompt) !== textOf(rendered.prompt), `the perturbation "${name}" changed nothing`);
  }
}

function checkPhrasings({ text, phrasings }: Segment): void {
  if (!phrasings) return;
  const names = Object.keys(phrasings);
  must(names.includes(HELD_OUT_PHRASING), `a phrasing must be held out from training: "${HELD_OUT_PHRASING}"`);
  must(!names.includes(DEFAULT_PHRASING), `"${DEFAULT_PHRASING}" is the text of the segment itself`);
  const texts = [text, ...Object.values(phrasings)];
  must(new Set(texts.map((one) => one.trim().toLowerCase())).size === texts.length, `two phrasings are alike: ${text}`);
  const around = (one: string) => JSON.stringify([/^\s*/.exec(one)?.[0], /\s*$/.exec(one)?.[0]]);
  must(
    texts.every((one) => one.trim() !== '' && around(one) === around(text)),
    `a phrasing is empty, or has other white space around it: ${text}`,
  );
}
