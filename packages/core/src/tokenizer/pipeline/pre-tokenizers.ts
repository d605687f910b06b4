import { SPACE_MARK } from '../space-mark.ts';
import type { Step } from '../tokenizer-json.ts';
import { writeBytes } from './byte-characters.ts';
import { coveringMatches, matcherOf, patternExpression } from './expression.ts';
import { changePieces, cutPieces, type PreTokenizer } from './section.ts';
import { BEHAVIORS, type Behavior, splitText } from './split.ts';
import { countOf, flagOf, stepsOf, textOf } from './step-fields.ts';
import { NUMBER, PUNCTUATION, WHITE_SPACE, WORD } from './unicode.ts';

/** GPT-2's division into words. */
const GPT2_WORDS = String.raw`'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`;

/** How text between added tokens is cut into the pieces that a model sees. @throws {Error} for a step that is not known */
export function buildPreTokenizer(step: Step | null): PreTokenizer {
  if (!step) return (pieces) => pieces;
  switch (step.type) {
    case 'Sequence': {
      const steps = stepsOf(step, 'pretokenizers').map(buildPreTokenizer);
      return (pieces) => steps.reduce((sum, cut) => cut(sum), pieces);
    }
    case 'ByteLevel':
      return byteLevel(step);
    case 'Metaspace':
      return metaspace(step);
    case 'Split':
      return splitting(patternExpression(step.pattern ?? {}), behaviorOf(step), flagOf(step, 'invert', false));
    case 'Digits':
      return splitting(one(NUMBER), flagOf(step, 'individual_digits', false) ? 'Isolated' : 'Contiguous');
    case 'Punctuation':
      return splitting(one(PUNCTUATION), behaviorOf(step, 'Isolated'));
    case 'WhitespaceSplit':
      return splitting(one(WHITE_SPACE), 'Removed');
    case 'Whitespace':
      return splitting(new RegExp(`${WORD}+|[^${WORD}${WHITE_SPACE}]+`, 'gv'), 'Removed', true);
    case 'CharDelimiterSplit':
      return splitting(patternExpression({ String: textOf(step, 'delimiter') }), 'Removed');
    case 'BertPreTokenizer': {
      const [words, marks] = [splitting(one(WHITE_SPACE), 'Removed'), splitting(one(PUNCTUATION), 'Isolated')];
      return (pieces) => marks(words(pieces));
    }
    case 'FixedLength':
      return splitting(new RegExp(`.{1,${Math.max(1, countOf(step, 'length', 5))}}`, 'gsu'), 'Isolated');
    default:
      throw new Error(`its pre-tokenizer ${JSON.stringify(step.type)} is not known`);
  }
}

const one = (characters: string): RegExp => new RegExp(characters, 'gv');

function splitting(expression: RegExp, behavior: Behavior, invert = false): PreTokenizer {
  const matcher = matcherOf(expression);
  const isPlain = behavior === 'Isolated' && !invert;
  return (pieces) =>
    cutPieces(
      pieces,
      (piece) => (isPlain && coveringMatches(piece, expression)) || splitText(piece, matcher, behavior, invert),
    );
}

/** The behaviour by its name, as `MergedWithNext` or, in older files, `merged_with_next`. */
function behaviorOf(step: Step, otherwise?: Behavior): Behavior {
  const name = textOf(step, 'behavior', otherwise).replaceAll('_', '').toLowerCase();
  const found = BEHAVIORS.find((behavior) => behavior.toLowerCase() === name);
  if (!found) throw new Error(`the behavior of its step ${JSON.stringify(step.type)} is not known`);
  return found;
}

function byteLevel(step: Step): PreTokenizer {
  const prefix = flagOf(step, 'add_prefix_space', true);
  const cut = flagOf(step, 'use_regex', true)
    ? splitting(patternExpression({ Regex: GPT2_WORDS }), 'Isolated')
    : undefined;
  return (pieces) => {
    const begun = prefix ? changePieces(pieces, (piece, begins) => prefixed(piece, ' ', begins !== 'middle')) : pieces;
    return changePieces(cut ? cut(begun) : begun, writeBytes);
  };
}

function metaspace(step: Step): PreTokenizer {
  const mark = textOf(step, 'replacement', SPACE_MARK);
  const scheme = prependScheme(step);
  const cut = flagOf(step, 'split', true)
    ? splitting(patternExpression({ String: mark }), 'MergedWithNext')
    : undefined;
  return (pieces) => {
    const marked = changePieces(pieces, (piece, begins) => {
      const isPrefixed = begins !== 'middle' && (scheme === 'always' || (scheme === 'first' && begins === 'text'));
      return prefixed(piece.replaceAll(' ', mark), mark, isPrefixed);
    });
    return cut ? cut(marked) : marked;
  };
}

const prefixed = (piece: string, prefix: string, wanted: boolean): string =>
  wanted && !piece.startsWith(prefix) ? prefix + piece : piece;

/** Where a Metaspace step puts a space; files from before `prepend_scheme` say it with `add_prefix_space`. */
export function prependScheme(step: Step): 'always' | 'first' | 'never' {
  if (step.add_prefix_space === false) return 'never';
  const scheme = textOf(step, 'prepend_scheme', 'always').toLowerCase();
  if (scheme === 'always' || scheme === 'first' || scheme === 'never') return scheme;
  throw new Error(`the prepend_scheme ${JSON.stringify(scheme)} is not known`);
}
