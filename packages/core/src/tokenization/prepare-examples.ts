import { UserError } from '../errors.ts';
import type { Recipe, RenderedExample, RowSettings } from '../recipe/recipe.ts';
import { settingsOf } from '../recipe/settings-of.ts';
import type { ScreenDropReason } from '../rows/duplicates/row-screen.ts';
import { parseSourceRow } from '../rows/parse-rows.ts';
import { placeOf, type SourceRow } from '../rows/source-row.ts';
import { type ExampleStore, writeExamples } from './example-store.ts';
import { promptScale, withPromptScale } from './prompt-share.ts';
import { countReceipt, type DroppedRow, type Receipt } from './receipt.ts';
import type { LossWeights } from './tokenize-example.ts';
import { outcomesOf, type RenderedRow, type TokenizeChunk } from './tokenize-rows.ts';

export interface PrepareOptions<Row> {
  readonly sourceRows: Iterable<SourceRow> | AsyncIterable<SourceRow>;
  readonly recipe: Recipe<Row>;
  /** How rows in words become ids: here, in other threads, or looked up. */
  readonly tokenizeChunk: TokenizeChunk;
  readonly weights: Omit<LossWeights, 'promptLossWeight'> & {
    /** What every row has in place of its recipe's default. */
    readonly promptLossWeight?: number | undefined;
    /** In place of the prompt's weight: the share of the total weight that the prompt makes up, over all examples. */
    readonly promptLossFraction?: number | undefined;
  };
  /** Tokens of prompt and completion together, at most, for a row with these settings. */
  readonly maxLengthOf: (settings: RowSettings) => number;
  /** Called with each row before it is tokenized, in the order of the rows: why it is left out, if it is. */
  readonly leaveOut?: ((source: SourceRow, rendered: RenderedExample) => ScreenDropReason | undefined) | undefined;
  /** Called with each row that is kept, in the order of the examples. Rows themselves are not kept in memory. */
  readonly onRow?: ((row: Row, source: SourceRow) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What is trained on, and what became of all rows. */
export interface PreparedExamples {
  readonly examples: ExampleStore;
  readonly receipt: Receipt;
}

/**
 * From rows as they are read to examples in ids, one row at a time.
 * @throws {UserError} `row-invalid` (file, row, field), `example-too-long`, or `nothing-to-train-on` when no row is kept.
 */
export async function prepareExamples<Row>(options: PrepareOptions<Row>): Promise<PreparedExamples> {
  const { recipe, onRow, signal } = options;
  const { promptLossFraction } = options.weights;
  const examples = writeExamples();
  const counts = countReceipt(recipe);
  // Rows whose outcome is still to come, oldest first.
  const waiting: ParsedRow<Row>[] = [];
  for await (const outcome of outcomesOf(rowsInWords(options, waiting, counts.drop), options.tokenizeChunk, signal)) {
    const { source, row } = waiting.shift() as ParsedRow<Row>;
    if (typeof outcome === 'string') {
      counts.drop({ file: source.file, line: source.line, reason: outcome });
    } else {
      examples.append(outcome);
      counts.keep(row, outcome);
      onRow?.(row, source);
    }
  }
  const scale = promptLossFraction === undefined ? 1 : promptScale(promptLossFraction, counts.weight);
  const receipt = counts.finish(scale);
  if (receipt.kept === 0) throw nothingLeft(receipt.dropped);
  const store = examples.finish();
  return { examples: promptLossFraction === undefined ? store : withPromptScale(store, scale), receipt };
}

interface ParsedRow<Row> {
  readonly source: SourceRow;
  readonly row: Row;
}

async function* rowsInWords<Row>(
  { sourceRows, recipe, weights, maxLengthOf, leaveOut }: PrepareOptions<Row>,
  parsed: ParsedRow<Row>[],
  drop: (row: DroppedRow) => void,
): AsyncIterable<RenderedRow> {
  // A fraction scales whatever weight the prompt has; 1 keeps the proportions between its segments.
  const promptLossWeight = weights.promptLossFraction === undefined ? weights.promptLossWeight : 1;
  for await (const source of sourceRows) {
    const row = parseSourceRow(source, recipe);
    const rendered = recipe.render(row);
    const settings = settingsOf(recipe, row);
    if (rendered.completion.every((segment) => segment.text === '' && !segment.message)) {
      throw noAnswer(source, settings);
    }
    const reason = leaveOut?.(source, rendered);
    if (reason) {
      drop({ file: source.file, line: source.line, reason });
      continue;
    }
    parsed.push({ source, row });
    yield {
      rendered,
      layout: settings.layout,
      weights: lossWeights(weights, promptLossWeight ?? settings.defaults.promptLossWeight),
      maxLength: maxLengthOf(settings),
      where: placeOf(source),
    };
  }
}

/** Nothing else of the options: this goes to other threads, and into the cache's key. */
const lossWeights = (
  { templateLossWeight, systemLossWeight, userLossWeight, toolLossWeight, trainOn }: PrepareOptions<never>['weights'],
  promptLossWeight: number,
): LossWeights => ({
  promptLossWeight,
  templateLossWeight,
  systemLossWeight,
  userLossWeight,
  toolLossWeight,
  trainOn,
});

function noAnswer(source: SourceRow, { answerField }: RowSettings): UserError {
  return new UserError({
    code: 'row-invalid',
    problem: 'The row has no answer to learn from.',
    where: placeOf(source, answerField),
    fix: `Fill in "${answerField}", or take the row out.`,
  });
}

function nothingLeft(dropped: readonly DroppedRow[]): UserError {
  const evaluated = dropped.filter(({ reason }) => reason === 'in-evaluation').length;
  if (evaluated > 0) {
    return new UserError({
      code: 'nothing-to-train-on',
      problem: `None of ${dropped.length} rows is left: ${evaluated} of them are rows to evaluate on too.`,
      where: 'option leakage',
      fix: 'Evaluate on other rows, or only count those that are trained on too: leakage count.',
    });
  }
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
