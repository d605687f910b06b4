import type { Estimate } from './measure.ts';
import { type Results, readResults, type SystemResult, type TaskResult } from './results.ts';
import { nameOf, openRecipe, type RecipeTask, tasks } from './tasks.ts';

/** The tokenizers that a table has a column of: of a small vocabulary, whose R_g is the recipes' own, and of a usual one. */
export const TOKENIZERS = ['stories260k', 'SmolLM2-135M-Instruct'] as const;

const MARKED = /(<!-- (weights|measured) -->\n)[\s\S]*?(<!-- end -->)/g;

const readme = (recipe: string): URL => new URL(`../../packages/recipe-${recipe}/README.md`, import.meta.url);

/** The READMEs that have such tables, by recipe. */
export const readmes: ReadonlyMap<string, URL> = new Map(tasks.map(({ recipe }) => [recipe, readme(recipe)]));

/** A README with what the results and the recipe's defaults say now. */
export function written(recipe: string, text: string, results = readResults()): string {
  const own = tasks.filter((task) => task.recipe === recipe);
  return text.replace(MARKED, (_, start: string, what: string, end: string) => {
    const lines = what === 'weights' ? weightsTable(own, results) : measuredTable(own, results);
    return `${start}\n${lines.join('\n')}\n\n${end}`;
  });
}

function weightsTable(own: readonly RecipeTask[], { ratios }: Results): string[] {
  const rows = own.map((task) => {
    const { promptLossWeight: weight, promptLossWeightReason: reason } = openRecipe(task).defaults;
    const measured = TOKENIZERS.map((tokenizer) => ratios[nameOf(task)]?.[tokenizer]);
    const [first] = measured;
    const share = first && weight > 0 ? percent(weight / (weight + first.ratio)) : weight === 0 ? '0 %' : '–';
    const on = first ? `${task.rows}, ${first.rows} rows` : `not measured: ${task.rows}`;
    const cells = measured.map((ratio) => (ratio ? digits(ratio.ratio) : '–'));
    return [`\`${task.task}\``, String(weight), ...cells, share, on, sentence(reason)];
  });
  const columns = TOKENIZERS.map((tokenizer) => `R_g, ${tokenizer}`);
  return table(['task', 'prompt loss weight', ...columns, "prompt's share of the weight", 'measured on', 'why'], rows);
}

const MEASURED = ['metric', 'rows, seeds', 'unchanged', 'best baseline', 'weight 0', 'default', 'above'];
const OVER = ['default over baseline', 'default over 0'];

function measuredTable(own: readonly RecipeTask[], { measured }: Results): string[] {
  const header = ['task', 'model', ...MEASURED, ...OVER];
  const rows = own.flatMap((task) => {
    const results = Object.entries(measured[nameOf(task)] ?? {});
    const { promptLossWeight } = openRecipe(task).defaults;
    if (results.length > 0) {
      return results.flatMap(([model, result]) =>
        result.shown.map((metric) => [`\`${task.task}\``, model, ...cellsOf(result, metric, promptLossWeight)]),
      );
    }
    const open = task.train === undefined ? task.rows : 'not measured yet';
    return [header.map((_, column) => [`\`${task.task}\``, open][column] ?? '')];
  });
  return [
    ...table(header, rows),
    '',
    'With 95 % intervals by a bootstrap over the held-out rows, which are the same for all: how far the default weight is above the',
    'best baseline and above weight 0 is drawn row by row, and behind the semicolon stands how small a difference would have been',
    'seen (80 % power). What another seed would change is not in them. `node experiments/recipes/main.ts` in the repository measures.',
  ];
}

function cellsOf(
  { systems, train, heldOut, seeds }: TaskResult,
  { name, direction }: TaskResult['shown'][number],
  weight: number,
): string[] {
  const sign = direction === 'lower-is-better' ? -1 : 1;
  const value = ({ metrics }: SystemResult) => sign * (metrics[name]?.value ?? Number.NEGATIVE_INFINITY);
  const [best] = systems.filter(({ kind }) => kind === 'baseline').sort((a, b) => value(b) - value(a));
  const tuned = (wanted: number) => systems.find((system) => system.weight === wanted);
  const above = systems.find((system) => (system.weight ?? 0) > weight);
  const cell = (system: SystemResult | undefined) => (system ? inWords(system.metrics[name]) : '–');
  const usual = tuned(weight);
  return [
    `\`${name}\``,
    `${heldOut} after ${train}, ${seeds}`,
    cell(systems.find(({ kind }) => kind === 'unchanged')),
    best ? `${cell(best)}, ${best.name}` : '–',
    cell(tuned(0)),
    weight === 0 ? 'as 0' : `${weight}: ${cell(usual)}`,
    above ? `${above.weight}: ${cell(above)}` : '–',
    differenceInWords(usual?.overBaseline?.[name]),
    weight === 0 ? '–' : differenceInWords(usual?.overZero?.[name]),
  ];
}

const table = (header: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  `| ${header.join(' | ')} |`,
  `| ${header.map(() => '---').join(' | ')} |`,
  ...rows.map((row) => `| ${row.join(' | ')} |`),
];

/** Two digits that matter, also where one stands before the point. */
const digits = (value: number): string => (value < 0.1 ? value.toFixed(3) : value.toFixed(2));
const percent = (share: number): string => `${Math.round(100 * share)} %`;
const signless = (value: number): string => String(Number(value.toPrecision(3))).replace('-', '−');

const inWords = (estimate: Estimate | undefined): string =>
  estimate ? `${signless(estimate.value)} (${inBrackets(estimate)})` : '–';

const inBrackets = ({ interval }: Estimate): string => interval.map(signless).join(' … ');

/** Standard errors of a normal distribution: half of a 95 % interval, and what is found with 80 % power beyond it. */
const [HALF_INTERVAL, POWER] = [1.96, 0.84];

/** With the smallest true difference that would have been found with 80 % power, rows drawn anew. */
function differenceInWords(estimate: Estimate | undefined): string {
  if (!estimate) return '–';
  const [low, high] = estimate.interval;
  const seen = (((high - low) / 2) * (HALF_INTERVAL + POWER)) / HALF_INTERVAL;
  return `${signless(estimate.value)} (${inBrackets(estimate)}; ${Number(seen.toPrecision(2))})`;
}

/** The recipe's own words, with a link where they name a paper. */
const sentence = (reason: string): string =>
  `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`
    .replace(/arXiv (\d{4}\.\d{5})/g, '[arXiv $1](https://arxiv.org/abs/$1)')
    .replaceAll('|', '\\|');
