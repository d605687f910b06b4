import { roleWeights, targetWeight } from '../batches/loss-weights.ts';
import { answerConstraint } from '../generation/constraint.ts';
import { isRowError, type Recipe } from '../recipe/recipe.ts';
import { settingsOf } from '../recipe/settings-of.ts';
import type { TokenizedExample } from '../tokenization/example.ts';
import { tokenizeExample } from '../tokenization/tokenize-example.ts';
import { answerPosition } from '../tokenizer/answer-position.ts';
import { checkBaseline } from './baseline-conformance.ts';
import { checkChat } from './chat-conformance.ts';
import { checkFreedom } from './freedom-conformance.ts';
import { checkMetrics, checkScores } from './metric-conformance.ts';
import { must, textOf } from './must.ts';
import { tinyTokenizer } from './tiny-tokenizer.ts';

/** One thing that a recipe must fulfil; `run` throws an error that says what is wrong, or rejects with it. */
export interface ConformanceCheck {
  readonly name: string;
  run(): void | Promise<void>;
}

export interface ConformanceOptions<Row> {
  readonly recipe: Recipe<Row>;
  /** Rows as they stand in a file, each with its answer; two or more, with different answers. */
  readonly rows: readonly unknown[];
  /** The same row without its answer, as `generate` is given it. Default: without the recipe's `answerField`. */
  readonly withoutAnswer?: (row: unknown) => unknown;
}

/**
 * The suite that every recipe passes, for any test runner:
 *
 *     for (const check of recipeConformance({ recipe: support(), rows })) it(check.name, check.run);
 */
export function recipeConformance<Row>(options: ConformanceOptions<Row>): ConformanceCheck[] {
  const { recipe, rows } = options;
  const withoutAnswer =
    options.withoutAnswer ?? ((row: unknown) => without(row, settingsOf(recipe, recipe.parseRow(row)).answerField));
  const forEachRow = (check: (row: unknown) => void) => () => {
    must(rows.length >= 2, 'the suite needs two rows or more');
    for (const row of rows) check(row);
  };
  return [
    { name: 'has a name, defaults in range, and options that are plain JSON', run: () => checkDescription(recipe) },
    {
      name: 'renders a row the same way every time, and leaves it as it is',
      run: forEachRow((row) => checkPure(recipe, row)),
    },
    {
      name: 'gives the same prompt with and without the answer',
      run: forEachRow((row) => checkPrompt(recipe, row, withoutAnswer(row))),
    },
    {
      name: 'lets the assistant, and nobody else, say the completion',
      run: forEachRow((row) => checkCompletion(recipe, row)),
    },
    { name: 'refuses rows that are none, naming the field', run: () => checkGarbage(recipe) },
    {
      name: 'becomes ids and comes back as text, with one BOS and EOS at the end',
      run: forEachRow((row) => checkIds(recipe, row)),
    },
    { name: 'weighs the completion in the loss, and never BOS', run: forEachRow((row) => checkWeights(recipe, row)) },
    { name: 'has metrics that prefer the right answers to none', run: () => checkMetrics(recipe, rows) },
    { name: 'scores single outputs as it measures all of them', run: () => checkScores(recipe, rows) },
    { name: 'can give the right answers where it restricts them', run: forEachRow((row) => checkAnswers(recipe, row)) },
    { name: 'says the same in the words of a chat template', run: forEachRow((row) => checkChat(recipe, row)) },
    { name: 'can be asked otherwise as it says', run: forEachRow((row) => checkFreedom(recipe, row)) },
    {
      name: 'has a baseline that answers every row, and does not look at its answer',
      run: () => checkBaseline(recipe, rows, withoutAnswer),
    },
    { name: 'counts whole numbers for the receipt', run: forEachRow((row) => checkTally(recipe, row)) },
  ];
}

function checkDescription<Row>({
  specificationVersion,
  name,
  defaults,
  options,
  metrics,
  answerField,
}: Recipe<Row>): void {
  must(specificationVersion === 1, 'specificationVersion must be 1');
  must(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name), `the name ${JSON.stringify(name)} must be kebab-case`);
  must(answerField !== '', 'answerField must name a field');
  must(isJson(options), 'options must be plain JSON: they are written into run.json');
  const { promptLossWeight, promptLossWeightReason, generationRatio, maxLength, maxNewTokens } = defaults;
  must(Number.isFinite(promptLossWeight) && promptLossWeight >= 0, 'promptLossWeight must be 0 or more');
  must(promptLossWeightReason.trim() !== '', 'promptLossWeightReason must say why');
  must(generationRatio > 0, 'generationRatio must be above 0');
  must(Number.isInteger(maxNewTokens) && maxNewTokens > 0, 'maxNewTokens must be a whole number above 0');
  must(
    Number.isInteger(maxLength) && maxLength > maxNewTokens,
    'maxLength must leave room for a prompt beside maxNewTokens',
  );
  const names = metrics.map((metric) => metric.name);
  must(new Set(names).size === names.length, `metrics must have names of their own: ${names.join(', ')}`);
  for (const metric of metrics) {
    must(/^[a-z][A-Za-z0-9]*$/.test(metric.name), `the metric ${JSON.stringify(metric.name)} must be camelCase`);
    must(metric.definition.trim() !== '', `the metric ${metric.name} must say how it is defined`);
  }
}

function checkPure<Row>(recipe: Recipe<Row>, input: unknown): void {
  const row = recipe.parseRow(input);
  const before = JSON.stringify(row);
  const first = JSON.stringify(recipe.render(row));
  must(first === JSON.stringify(recipe.render(row)), `two renderings differ: ${before}`);
  must(first === JSON.stringify(recipe.render(recipe.parseRow(input))), `two parsings differ: ${before}`);
  must(before === JSON.stringify(row), `render changed its row: ${before}`);
}

function checkPrompt<Row>(recipe: Recipe<Row>, input: unknown, unanswered: unknown): void {
  const answered = recipe.render(recipe.parseRow(input));
  const open = recipe.render(recipe.parseRow(unanswered));
  must(textOf(open.completion) === '', `a row without its answer has a completion: ${textOf(open.completion)}`);
  must(JSON.stringify(answered.prompt) === JSON.stringify(open.prompt), 'the prompt depends on the answer');
}

function checkCompletion<Row>(recipe: Recipe<Row>, input: unknown): void {
  const { completion } = recipe.render(recipe.parseRow(input));
  must(textOf(completion) !== '', `the completion is empty: ${JSON.stringify(input)}`);
  must(
    completion.every((segment) => segment.role === 'assistant'),
    'a segment of the completion is not the assistant’s',
  );
}

function checkGarbage<Row>(recipe: Recipe<Row>): void {
  for (const garbage of [null, undefined, 7, 'text', [], {}, { unheardOf: true }]) {
    let error: unknown;
    try {
      recipe.parseRow(garbage);
    } catch (thrown) {
      error = thrown;
    }
    must(isRowError(error), `parseRow must throw a RowError for ${JSON.stringify(garbage)}`);
  }
}

function checkIds<Row>(recipe: Recipe<Row>, input: unknown): void {
  const row = recipe.parseRow(input);
  const rendered = recipe.render(row);
  for (const prefixSpace of [false, true]) {
    const tokenizer = tinyTokenizer({ prefixSpace });
    const example = tokenized(recipe, row, prefixSpace);
    const { promptLength } = example;
    const ids = [...example.ids];
    must(
      ids[0] === tokenizer.bosId && ids.filter((id) => id === tokenizer.bosId).length === 1,
      'there must be one BOS',
    );
    must(ids.at(-1) === tokenizer.eosId, 'EOS must come last');
    const prompt = tokenizer.decode(ids.slice(0, promptLength));
    let at = 0;
    for (const { text } of rendered.prompt) {
      const found = prompt.indexOf(text, at);
      must(found >= 0, `the prompt lost the text ${JSON.stringify(text)}`);
      at = found + text.length;
    }
    const answer = tokenizer.decode(ids.slice(promptLength), answerPosition(ids.slice(0, promptLength), tokenizer));
    must(answer === textOf(rendered.completion), `the completion came back as ${JSON.stringify(answer)}`);
  }
}

function checkWeights<Row>(recipe: Recipe<Row>, input: unknown): void {
  const row = recipe.parseRow(input);
  const { promptLossWeight } = settingsOf(recipe, row).defaults;
  const example = {
    ...tokenized(recipe, row, false),
    roleWeights: roleWeights({ promptLossWeight, templateLossWeight: 0 }),
    rowWeight: 1,
  };
  const weights = Array.from(example.ids, (_, i) => targetWeight(example, i));
  must(
    weights.every((weight) => Number.isFinite(weight) && weight >= 0),
    'a weight is below 0 or not a number',
  );
  must(weights[0] === 0, 'BOS is never a target');
  must(
    weights.slice(example.promptLength).some((weight) => weight > 0),
    'no token of the completion has a weight',
  );
}

/** Generation writes what training showed: the completion is allowed token by token, to its end. */
function checkAnswers<Row>(recipe: Recipe<Row>, input: unknown): void {
  const row = recipe.parseRow(input);
  const { answers } = settingsOf(recipe, row);
  if (!answers) return;
  const tokenizer = tinyTokenizer();
  const { promptLength, ...example } = tokenized(recipe, row, false);
  const ids = [...example.ids];
  let constraint = answerConstraint(answers, tokenizer)(answerPosition(ids.slice(0, promptLength), tokenizer));
  for (const id of ids.slice(promptLength)) {
    must(constraint.allowed(ids.length).includes(id), `the answer is none that may be given: ${JSON.stringify(input)}`);
    constraint = constraint.after(id);
  }
}

function checkTally<Row>(recipe: Recipe<Row>, input: unknown): void {
  for (const [what, count] of Object.entries(recipe.tally?.(recipe.parseRow(input)) ?? {})) {
    must(
      Number.isInteger(count) && count >= 0,
      `the tally ${JSON.stringify(what)} must be a whole number, not ${count}`,
    );
  }
}

function tokenized<Row>(recipe: Recipe<Row>, row: Row, prefixSpace: boolean): TokenizedExample {
  const { layout, defaults } = settingsOf(recipe, row);
  const example = tokenizeExample(recipe.render(row), {
    layout,
    tokenizer: tinyTokenizer({ prefixSpace }),
    maxLength: Number.MAX_SAFE_INTEGER,
    maxNewTokens: defaults.maxNewTokens,
    longAnswers: 'drop',
    where: 'conformance',
  });
  if (typeof example === 'string') throw new Error(`the row would be dropped: ${example}`);
  return example;
}

function without(row: unknown, field: string): unknown {
  if (typeof row !== 'object' || row === null) return row;
  return Object.fromEntries(Object.entries(row).filter(([name]) => name !== field));
}

function isJson(value: unknown): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isJson);
  if (typeof value !== 'object') return false;
  return Object.getPrototypeOf(value) === Object.prototype && Object.values(value).every(isJson);
}
