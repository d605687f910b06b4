import { UserError } from '../errors.ts';
import type { Recipe, RowSettings } from '../recipe/recipe.ts';
import { settingsOf } from '../recipe/settings-of.ts';
import type { ChatTemplate } from '../tokenizer/chat-template.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { TokenizedExample } from './example.ts';
import { parseRows } from './parse-rows.ts';
import { withPromptShare } from './prompt-share.ts';
import { addTallies, type DroppedRow, makeReceipt, type Receipt } from './receipt.ts';
import { placeOf, type SourceRow } from './source-row.ts';
import { type LossWeights, tokenizeExample } from './tokenize-example.ts';

export interface PrepareOptions<Row> {
  readonly sourceRows: readonly SourceRow[];
  readonly recipe: Recipe<Row>;
  readonly tokenizer: Tokenizer;
  /** The model's chat template; undefined where roles become text in the recipes' plain layouts. */
  readonly chat?: ChatTemplate | undefined;
  readonly weights: Omit<LossWeights, 'promptLossWeight'> & {
    /** What every row has in place of its recipe's default. */
    readonly promptLossWeight?: number | undefined;
    /** In place of the prompt's weight: the share of the total weight that the prompt makes up, over all examples. */
    readonly promptLossFraction?: number | undefined;
  };
  /** Tokens of prompt and completion together, at most, for a row with these settings. */
  readonly maxLengthOf: (settings: RowSettings) => number;
}

/** What is trained on: examples and the rows they come from, side by side, and what became of all rows. */
export interface PreparedExamples<Row> {
  readonly examples: TokenizedExample[];
  readonly rows: Row[];
  readonly receipt: Receipt;
}

/**
 * From rows as they were read to examples in ids.
 * @throws {UserError} `row-invalid` (file, row, field), `example-too-long`, or `nothing-to-train-on` when no row is kept.
 */
export function prepareExamples<Row>(options: PrepareOptions<Row>): PreparedExamples<Row> {
  const { sourceRows, recipe, tokenizer, chat, weights } = options;
  const { promptLossFraction } = weights;
  // A fraction scales whatever weight the prompt has; 1 keeps the proportions between its segments.
  const promptLossWeight = promptLossFraction === undefined ? weights.promptLossWeight : 1;
  const examples: TokenizedExample[] = [];
  const rows: Row[] = [];
  const dropped: DroppedRow[] = [];
  for (const { source, row } of parseRows(sourceRows, recipe)) {
    const rendered = recipe.render(row);
    const settings = settingsOf(recipe, row);
    if (rendered.completion.every((segment) => segment.text === '')) throw noAnswer(source, settings);
    const example = tokenizeExample(rendered, {
      tokenizer,
      layout: settings.layout,
      chat,
      weights: { ...weights, promptLossWeight: promptLossWeight ?? settings.defaults.promptLossWeight },
      maxLength: options.maxLengthOf(settings),
      where: placeOf(source),
    });
    if (typeof example === 'string') {
      dropped.push({ file: source.file, line: source.line, reason: example });
    } else {
      examples.push(example);
      rows.push(row);
    }
  }
  if (examples.length === 0) throw nothingLeft(dropped);
  const weighted = promptLossFraction === undefined ? examples : withPromptShare(examples, promptLossFraction);
  return { examples: weighted, rows, receipt: makeReceipt(weighted, dropped, addTallies(recipe, rows)) };
}

function noAnswer(source: SourceRow, { answerField }: RowSettings): UserError {
  return new UserError({
    code: 'row-invalid',
    problem: 'The row has no answer to learn from.',
    where: placeOf(source, answerField),
    fix: `Fill in "${answerField}", or take the row out.`,
  });
}

function nothingLeft(dropped: readonly DroppedRow[]): UserError {
  const tooLong = dropped.filter(({ reason }) => reason === 'too-long').length;
  return new UserError({
    code: 'nothing-to-train-on',
    problem:
      dropped.length === 0
        ? 'There are no rows.'
        : `None of ${dropped.length} rows is left: ${tooLong} too long, ${dropped.length - tooLong} without any weight in the loss.`,
    fix:
      tooLong > 0
        ? 'Raise the maximum length, or shorten the prompts.'
        : 'Give rows whose answers have a weight above 0.',
  });
}
