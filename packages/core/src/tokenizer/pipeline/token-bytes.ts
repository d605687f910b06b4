import type { Step } from '../tokenizer-json.ts';
import { readBytes } from './byte-characters.ts';
import { byteOf, tokenChange, type Written } from './decoders.ts';
import { stepsOf, textOf } from './step-fields.ts';

/** A token on its way to bytes: still a text, or bytes already. */
type Part = string | Uint8Array;

/**
 * What a decoder makes of a token wherever it stands, in UTF-8.
 * @returns undefined for decoders that look at a token's neighbours: WordPiece puts a space before the first of a word
 */
export function tokenBytes(step: Step | null): ((token: Written) => Uint8Array) | undefined {
  const change = step && changeOf(step);
  if (!change) return undefined;
  const utf8 = new TextEncoder();
  return ({ text, isAdded }) => {
    const part = change(text, isAdded);
    return typeof part === 'string' ? utf8.encode(part) : part;
  };
}

function changeOf(step: Step): ((text: string, isAdded: boolean) => Part) | undefined {
  switch (step.type) {
    case 'Sequence': {
      const changes = stepsOf(step, 'decoders').map(changeOf);
      if (changes.includes(undefined)) return undefined;
      return (text, isAdded) =>
        changes.reduce<Part>(
          (part, change) => (typeof part === 'string' && change ? change(part, isAdded) : part),
          text,
        );
    }
    case 'ByteLevel':
      return (text, isAdded) => (isAdded ? text : readBytes(text));
    case 'ByteFallback':
      return (text) => {
        const byte = byteOf(text);
        return byte === undefined ? text : Uint8Array.of(byte);
      };
    case 'Fuse':
      return (text) => text;
    case 'Strip':
      // The space before a text: who decodes knows whether it is there.
      return textOf(step, 'content', ' ') === ' ' ? (text) => text : undefined;
    case 'Replace':
    case 'Metaspace': {
      const change = tokenChange(step);
      return (text) => change(text, 0, 1);
    }
    default:
      return undefined;
  }
}
