import {
  defineRecipe,
  longAnswerEvidence,
  type Recipe,
  type RecipeDefaults,
  resolveOptions,
  shortAnswerEvidence,
} from '@counterweight/core/recipe';
import { commonMetrics } from './metrics/recipe-metrics.ts';
import {
  bothRepliesMetric,
  formalAddressMetric,
  glossaryMetric,
  judgeReplies,
  judgeTranslation,
  untranslatedMetric,
} from './metrics/task-metrics.ts';
import { type OptionsOf, translationOptionsSchema } from './options.ts';
import type {
  ReplyInTwoLanguagesOptionsInput as ReplyOptionsInput,
  TranslateFormallyOptionsInput,
  TranslateOptionsInput,
} from './options-input.ts';
import { type ReplyRow, renderReply, replyLayout, replyRowSchema } from './tasks/reply-in-two-languages.ts';
import { renderTranslate, translationLayout } from './tasks/translate.ts';
import { renderTranslateFormally } from './tasks/translate-formally.ts';
import { type TranslationRow, translationRowSchema } from './tasks/translation-row.ts';

/** Options of the tasks that turn one text into one other. */
export type PairOptionsInput = TranslateOptionsInput | TranslateFormallyOptionsInput;

/**
 * Translation between any two languages. Tasks: `translate` (the default), `translate-formally` (a complaint, as a
 * formal letter), `reply-in-two-languages`.
 * @throws {RecipeOptionError} naming the option that does not fit.
 */
export function translation(options: ReplyOptionsInput): Recipe<ReplyRow>;
export function translation(options?: PairOptionsInput): Recipe<TranslationRow>;
export function translation(
  input: PairOptionsInput | ReplyOptionsInput = {},
): Recipe<TranslationRow> | Recipe<ReplyRow> {
  const options = resolveOptions(translationOptionsSchema, input);
  return options.task === 'reply-in-two-languages' ? replyRecipe(options) : pairRecipe(options);
}

function pairRecipe(options: OptionsOf<'translate'> | OptionsOf<'translate-formally'>): Recipe<TranslationRow> {
  const formally = options.task === 'translate-formally';
  return defineRecipe({
    name: 'translation',
    options,
    row: translationRowSchema(options),
    answerField: 'target',
    defaults: formally ? formalDefaults : translateDefaults,
    layout: translationLayout,
    render: formally ? renderTranslateFormally : renderTranslate,
    metrics: [
      ...commonMetrics(judgeTranslation, options),
      untranslatedMetric,
      glossaryMetric,
      ...(formally ? [formalAddressMetric] : []),
    ],
    baseline: { name: 'the source, untranslated', answer: (rows) => rows.map(({ source }) => source) },
    tally: ({ glossary }) => ({ 'glossary terms in prompts': Object.keys(glossary).length }),
  });
}

function replyRecipe(options: OptionsOf<'reply-in-two-languages'>): Recipe<ReplyRow> {
  return defineRecipe({
    name: 'translation',
    options,
    row: replyRowSchema(options),
    answerField: 'replies',
    defaults: replyDefaults,
    layout: replyLayout,
    render: renderReply,
    metrics: [...commonMetrics(judgeReplies, options), bothRepliesMetric],
  });
}

/** R_g is measured on the fixtures, by `experiments/recipes/ratio-by-pair.ts`; the README has the figures of each pair. */
const translateDefaults: RecipeDefaults = {
  promptLossWeight: 0.01,
  promptLossWeightReason:
    'sentences are short, and with the instruction the prompt is the longer side (R_g = 0.35 on Tatoeba, 0.21 to 0.73 ' +
    `by pair); ${shortAnswerEvidence}. Into a language of ` +
    'which your tokenizer makes many tokens R_g can exceed 1: then take 0',
  generationRatio: 0.35,
  maxLength: 512,
  maxNewTokens: 128,
};

const formalDefaults: RecipeDefaults = {
  promptLossWeight: 0.01,
  promptLossWeightReason: `the long instruction makes the prompt the longer side (R_g = 0.45 on 12 sample complaints); ${shortAnswerEvidence}`,
  generationRatio: 0.45,
  maxLength: 1024,
  maxNewTokens: 256,
};

const replyDefaults: RecipeDefaults = {
  promptLossWeight: 0,
  promptLossWeightReason: `two replies are longer than the message that they answer (R_g = 1.43 on 12 sample replies): ${longAnswerEvidence}`,
  generationRatio: 1.43,
  maxLength: 1024,
  maxNewTokens: 384,
};
