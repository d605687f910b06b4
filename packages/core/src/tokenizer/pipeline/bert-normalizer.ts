import type { Step } from '../tokenizer-json.ts';
import { flagOf } from './step-fields.ts';
import { CONTROL, lowercase, NONSPACING_MARK, normalForm, WHITE_SPACE } from './unicode.ts';

/** The blocks of ideographs as BERT has them, with its gap before U+2B920. */
const IDEOGRAPHS =
  /[\u{4e00}-\u{9fff}\u{3400}-\u{4dbf}\u{20000}-\u{2a6df}\u{2a700}-\u{2b73f}\u{2b740}-\u{2b81f}\u{2b920}-\u{2ceaf}\u{f900}-\u{faff}\u{2f800}-\u{2fa1f}]/gu;

/** BERT's cleaning: control characters, white space, ideographs, accents, case, each where the settings ask for it. */
export function bertNormalizer(step: Step): (text: string) => string {
  const [control, space] = [new RegExp(CONTROL, 'gv'), new RegExp(WHITE_SPACE, 'gu')];
  const marks = new RegExp(NONSPACING_MARK, 'gv');
  const isLower = flagOf(step, 'lowercase', true);
  const changes: ((text: string) => string)[] = [];
  if (flagOf(step, 'clean_text', true)) changes.push((text) => text.replace(control, '').replace(space, ' '));
  if (flagOf(step, 'handle_chinese_chars', true)) changes.push((text) => text.replace(IDEOGRAPHS, ' $& '));
  if (flagOf(step, 'strip_accents', isLower)) changes.push((text) => normalForm(text, 'NFD').replace(marks, ''));
  if (isLower) changes.push(lowercase);
  return (text) => changes.reduce((sum, change) => change(sum), text);
}
