import type { Step } from '../tokenizer-json.ts';
import { bertNormalizer } from './bert-normalizer.ts';
import { writeBytes } from './byte-characters.ts';
import { readCharacterMap } from './character-map.ts';
import { patternExpression } from './expression.ts';
import type { Normalizer, Part } from './section.ts';
import { flagOf, stepsOf, textOf } from './step-fields.ts';
import { lowercase, MARK, normalForm, WHITE_SPACE } from './unicode.ts';

/** What happens to the text between added tokens before it is cut. @throws {Error} for a step that is not known */
export function buildNormalizer(step: Step | null): Normalizer {
  if (!step) return (part) => part;
  switch (step.type) {
    case 'Sequence': {
      const steps = stepsOf(step, 'normalizers').map(buildNormalizer);
      return (part) => steps.reduce((sum, normalize) => normalize(sum), part);
    }
    case 'Prepend': {
      const prefix = textOf(step, 'prepend');
      return ({ text, begins }) => ({ text: text === '' || begins === 'middle' ? text : prefix + text, begins });
    }
    case 'Strip':
      return strip(flagOf(step, 'strip_left', true), flagOf(step, 'strip_right', true));
    default:
      return changing(textChange(step));
  }
}

const changing =
  (change: (text: string) => string): Normalizer =>
  ({ text, begins }) => ({ text: change(text), begins });

function textChange(step: Step): (text: string) => string {
  switch (step.type) {
    case 'NFC':
    case 'NFD':
    case 'NFKC':
    case 'NFKD': {
      const form = step.type;
      return (text) => normalForm(text, form);
    }
    case 'Lowercase':
      return lowercase;
    case 'Replace': {
      const expression = patternExpression(step.pattern ?? {});
      const content = textOf(step, 'content');
      return (text) => text.replace(expression, () => content);
    }
    case 'StripAccents': {
      const marks = new RegExp(MARK, 'gv');
      return (text) => text.replace(marks, '');
    }
    case 'BertNormalizer':
      return bertNormalizer(step);
    case 'Precompiled':
      return readCharacterMap(textOf(step, 'precompiled_charsmap'));
    case 'Nmt':
      return nmt;
    case 'ByteLevel':
      return writeBytes;
    default:
      throw new Error(`its normalizer ${JSON.stringify(step.type)} is not known`);
  }
}

/** Without the white space around it; a text that lost its beginning does not begin the whole. */
function strip(left: boolean, right: boolean): Normalizer {
  const [start, end] = [new RegExp(`^${WHITE_SPACE}+`, 'u'), new RegExp(`${WHITE_SPACE}+$`, 'u')];
  return (part: Part) => {
    const begun = left ? part.text.replace(start, '') : part.text;
    const begins = begun.length < part.text.length && part.begins === 'text' ? 'section' : part.begins;
    return { text: right ? begun.replace(end, '') : begun, begins };
  };
}

/** SentencePiece's `nmt`: without control characters, and with plain spaces. */
function nmt(text: string): string {
  return text
    .replace(/\p{Cc}/gu, (control) => {
      if ('\t\n\f\r'.includes(control)) return ' ';
      // Of the second block of controls two are taken out, and U+0000 is none.
      return control === '\0' || (control > '\u007f' && !'\u008f\u009f'.includes(control)) ? control : '';
    })
    .replace(/[\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]/g, ' ');
}
