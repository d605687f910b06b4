import { SPACE_MARK } from '../space-mark.ts';
import type { Step } from '../tokenizer-json.ts';
import { readBytes } from './byte-characters.ts';
import { patternExpression } from './expression.ts';
import { countOf, flagOf, stepsOf, textOf } from './step-fields.ts';

/** A token on its way to text; `isAdded` for one that stands for its own text. */
export interface Written {
  readonly text: string;
  readonly isAdded: boolean;
}

export type Decoder = (tokens: readonly Written[]) => readonly Written[];

/**
 * Tokens back to text. The space that a tokenizer puts before a text is left in it: whether a stretch of ids begins the
 * text, only who asks knows.
 * @throws {Error} for a step that is not known
 */
export function buildDecoder(step: Step | null): Decoder {
  if (!step) return (tokens) => changed(tokens, (text, i) => (i > 0 ? ` ${text}` : text));
  switch (step.type) {
    case 'Sequence': {
      const steps = stepsOf(step, 'decoders').map(buildDecoder);
      return (tokens) => steps.reduce((sum, decode) => decode(sum), tokens);
    }
    case 'ByteLevel':
      return decodeByteLevel;
    case 'ByteFallback':
      return decodeByteTokens;
    case 'Fuse':
      return (tokens) => [{ text: tokens.map(({ text }) => text).join(''), isAdded: false }];
    default: {
      const change = tokenChange(step);
      return (tokens) => changed(tokens, change);
    }
  }
}

const changed = (
  tokens: readonly Written[],
  change: (text: string, place: number, count: number) => string,
): readonly Written[] => tokens.map(({ text, isAdded }, i) => ({ text: change(text, i, tokens.length), isAdded }));

export function tokenChange(step: Step): (text: string, place: number, count: number) => string {
  switch (step.type) {
    case 'Replace': {
      const expression = patternExpression(step.pattern ?? {});
      const content = textOf(step, 'content');
      return (text) => text.replace(expression, () => content);
    }
    case 'Metaspace': {
      const mark = textOf(step, 'replacement', SPACE_MARK);
      return (text) => text.replaceAll(mark, ' ');
    }
    case 'Strip':
      return strip(textOf(step, 'content', ' '), countOf(step, 'start', 0), countOf(step, 'stop', 0));
    case 'WordPiece': {
      const prefix = textOf(step, 'prefix', '##');
      const tidy = flagOf(step, 'cleanup', true) ? withoutExtraSpaces : (text: string) => text;
      return (text, place) => {
        if (place === 0) return tidy(text);
        return tidy(text.startsWith(prefix) ? text.slice(prefix.length) : ` ${text}`);
      };
    }
    case 'BPEDecoder': {
      const suffix = textOf(step, 'suffix', '</w>');
      return (text, place, count) => text.replaceAll(suffix, place === count - 1 ? '' : ' ');
    }
    default:
      throw new Error(`its decoder ${JSON.stringify(step.type)} is not known`);
  }
}

/** Takes a character away at the ends, so many times at most; not the space that stands before a text. */
function strip(content: string, start: number, stop: number): (text: string) => string {
  if (content === '' || content === ' ') return (text) => text;
  return (text) => {
    let [from, to] = [0, text.length];
    for (let i = 0; i < start && text.startsWith(content, from); i++) from += content.length;
    for (let i = 0; i < stop && to > from && text.endsWith(content, to); i++) to -= content.length;
    return text.slice(from, to);
  };
}

/** Spaces that WordPiece puts before marks and contractions. */
function withoutExtraSpaces(text: string): string {
  return text
    .replace(/ ([.?!,])/g, '$1')
    .replaceAll(" ' ", "'")
    .replaceAll(" n't", "n't")
    .replaceAll(" 'm", "'m")
    .replaceAll(' do not', " don't")
    .replace(/ ('(?:s|ve|re))/g, '$1');
}

/** Added tokens stand for their own text, whatever its characters would be as bytes. */
function decodeByteLevel(tokens: readonly Written[]): readonly Written[] {
  const utf8 = new TextEncoder();
  return [
    {
      text: fromBytes(tokens.map(({ text, isAdded }) => (isAdded ? utf8.encode(text) : readBytes(text)))),
      isAdded: false,
    },
  ];
}

/** `<0xE2><0x82><0xAC>` to the text of those bytes; bytes that are no text are replaced, each by itself. */
function decodeByteTokens(tokens: readonly Written[]): readonly Written[] {
  const result: Written[] = [];
  let bytes: number[] = [];
  const flush = () => {
    if (bytes.length === 0) return;
    const text = fromBytes([Uint8Array.from(bytes)]);
    const isText = Buffer.compare(Buffer.from(text), Buffer.from(bytes)) === 0;
    result.push({ text: isText ? text : '\ufffd'.repeat(bytes.length), isAdded: false });
    bytes = [];
  };
  for (const token of tokens) {
    const byte = byteOf(token.text);
    if (byte !== undefined) bytes.push(byte);
    else {
      flush();
      result.push(token);
    }
  }
  flush();
  return result;
}

/** Of the token for a single byte. */
export function byteOf(token: string): number | undefined {
  const digits = /^<0x([0-9A-Fa-f]{2})>$/.exec(token)?.[1];
  return digits === undefined ? undefined : Number.parseInt(digits, 16);
}

/** Keeps a byte order mark that stands in the text. */
const fromBytes = (parts: readonly Uint8Array[]): string =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.concat(parts));
