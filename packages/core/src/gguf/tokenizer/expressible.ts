import { UserError } from '../../errors.ts';
import type { AddedToken, Step, TokenizerJson } from '../../tokenizer/tokenizer-json.ts';
import { flatSteps } from '../../tokenizer/tokenizer-json.ts';
import { stripsAsPhi3 } from './strip-rule.ts';

/**
 * What a tokenizer.json can say and llama.cpp cannot do: a file that left it out would cut some texts otherwise than the
 * model learnt them, without a word. Each is refused by its name.
 */

/** @throws {UserError} `model-unsupported` */
export function refuse(what: string, where: string, field: string): never {
  throw new UserError({
    code: 'model-unsupported',
    problem: `llama.cpp cannot cut texts as this tokenizer does: ${what}.`,
    where: `${where}, field "${field}"`,
    fix: 'Export with --to merged or --to onnx, and use it where tokenizer.json is read.',
  });
}

/** What holds for every kind of tokenizer. @throws {UserError} `model-unsupported` */
export function assertExpressible(json: TokenizerJson, where: string): void {
  const { model, normalizer } = json;
  if (model.dropout) refuse('it leaves out merges at random', where, 'model.dropout');
  for (const mark of ['continuing_subword_prefix', 'end_of_word_suffix']) {
    if (model[mark])
      refuse(`its tokens are marked with ${JSON.stringify(model[mark])} within a word`, where, `model.${mark}`);
  }
  const steps = flatSteps(normalizer);
  const stripping = stripsAsPhi3(json);
  for (const token of json.added_tokens) {
    const reason = cannotCut(token, steps, stripping);
    if (reason) refuse(`its token ${JSON.stringify(token.content)} ${reason}`, where, 'added_tokens');
  }
}

function cannotCut(token: AddedToken, normalizer: readonly Step[], stripping: boolean): string | undefined {
  if (token.single_word) return 'is cut out only where it is a word by itself (single_word)';
  if (token.lstrip) return 'takes the white space before it along (lstrip)';
  if (token.rstrip && !stripping) return 'takes the white space after it along (rstrip)';
  const changed = normalizer.some(
    ({ type }) => type === 'Prepend' || (type === 'Replace' && token.content.includes(' ')),
  );
  return token.normalized && changed ? 'is looked for in the normalised text (normalized)' : undefined;
}

/**
 * Of tokenizers by bytes: texts as they are. Composing characters (NFC) is let pass, as llama.cpp's own script does: Qwen,
 * GPT-NeoX and others do it, and text is hardly ever written with its accents apart.
 */
export function assertNoNormalizer({ normalizer }: TokenizerJson, where: string): void {
  const step = flatSteps(normalizer).find(({ type }) => type !== 'NFC');
  if (step) refuse(`it changes texts first (${step.type})`, where, 'normalizer');
}

const SPACE = '▁';

/**
 * Of tokenizers like SentencePiece's: spaces are written as `▁`, and a text may get one before it. llama.cpp then puts one
 * after every special token too, and before a text that begins with a space, as the normalizer `Prepend` does and the
 * pre-tokenizer `Metaspace` does not.
 * @returns whether a text gets a space before it
 */
export function spacePrefix({ normalizer, pre_tokenizer, model }: TokenizerJson, where: string): boolean {
  const steps = flatSteps(normalizer);
  const strange = steps.find((step) => !isPrepend(step) && !isSpaceMark(step));
  if (strange) refuse(`it changes texts first (${strange.type})`, where, 'normalizer');
  const before = flatSteps(pre_tokenizer);
  const metaspace = before.find(({ type }) => type === 'Metaspace');
  const other = before.find((step) => step !== metaspace && !isSplitAtSpaces(step));
  if (other) refuse(`it cuts them into words first (${other.type})`, where, 'pre_tokenizer');
  if (!metaspace && !steps.some(isSpaceMark)) refuse(`it does not write spaces as ${SPACE}`, where, 'normalizer');
  if (metaspace) assertMetaspace(metaspace, Object.keys(model.vocab), where);
  return steps.some(isPrepend);
}

const isPrepend = ({ type, prepend }: Step): boolean => type === 'Prepend' && prepend === SPACE;
const isSpaceMark = ({ type, pattern, content }: Step): boolean =>
  type === 'Replace' && pattern?.String === ' ' && content === SPACE;
/** No spaces are left to split at once they are marks. */
const isSplitAtSpaces = ({ type, pattern }: Step): boolean => type === 'Split' && pattern?.String === ' ';

function assertMetaspace(step: Step, tokens: readonly string[], where: string): void {
  const { replacement = SPACE, add_prefix_space: prefix, split = true } = step;
  const { prepend_scheme: scheme = prefix === false ? 'never' : 'always' } = step;
  if (replacement !== SPACE) refuse(`it writes spaces as ${JSON.stringify(replacement)}`, where, 'pre_tokenizer');
  if (scheme !== 'never') {
    const when = scheme === 'first' ? 'only at the very beginning' : 'only where there is none';
    refuse(
      `it puts a space before a text ${when} (Metaspace, prepend_scheme ${JSON.stringify(scheme)})`,
      where,
      'pre_tokenizer',
    );
  }
  if (split && tokens.some((token) => token.lastIndexOf(SPACE) > 0)) {
    refuse('it cuts them at every space, across which it has tokens (Metaspace, split)', where, 'pre_tokenizer');
  }
}
