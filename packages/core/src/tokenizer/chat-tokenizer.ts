import { UserError } from '../errors.ts';
import type { ChatTemplate } from './chat-template.ts';
import type { Position, Tokenizer } from './tokenizer.ts';
import type { AddedToken } from './tokenizer-json.ts';

/**
 * The tokenizer as a chat template wants it: the template's BOS begins a text, the token that ends the assistant's turn
 * ends a completion, the template's other ends and the tokenizer's own end-of-sequence token stop generation too, and text around special tokens is
 * tokenized as the model has always seen it, with the white space that a special token takes along and the space that
 * some tokenizers put before what follows it.
 * @throws {UserError} `template-invalid` where a special token of the template is none of the tokenizer
 */
export function chatTokenizer(tokenizer: Tokenizer, template: ChatTemplate, where: string): Tokenizer {
  const { bosToken, endOfTurn, stops } = template;
  const oneId = (token: string): number | undefined => {
    const ids = tokenizer.encode(token, 'continuation');
    return ids.length === 1 ? ids[0] : undefined;
  };
  const idOf = (token: string): number => {
    const id = oneId(token);
    if (id !== undefined) return id;
    throw new UserError({
      code: 'template-invalid',
      problem: `The chat template writes ${JSON.stringify(token)}, which is no token of the tokenizer.`,
      where,
      fix: 'Use the tokenizer.json that was saved with the model, or leave the template out with --format plain.',
    });
  };
  const bosId = bosToken === undefined ? tokenizer.bosId : idOf(bosToken);
  const eosId = endOfTurn === undefined ? tokenizer.eosId : idOf(endOfTurn);
  const { stopIds = [], addedTokens = [], spaceAfterAddedTokens = false } = tokenizer;
  const added = new Map(addedTokens.map((token) => [token.id, token]));
  const after: Position = spaceAfterAddedTokens ? 'start' : 'continuation';
  const startsAfter = (id: number) => spaceAfterAddedTokens && added.has(id);

  const decodeWhole = (ids: readonly number[], position: Position): string =>
    runs(ids, (id) => added.has(id))
      .map(
        (run, i) => added.get(run[0] as number)?.content ?? tokenizer.decode(run, i === 0 ? position : after, 'keep'),
      )
      .join('');

  return {
    ...tokenizer,
    bosId,
    eosId,
    stopIds: [...new Set([...stops.flatMap((stop) => oneId(stop) ?? []), tokenizer.eosId, ...stopIds])].filter(
      (id) => id !== eosId,
    ),
    startsAfter,
    encode: (piece, position) =>
      stretches(piece, addedTokens).flatMap((text, i) => tokenizer.encode(text, i === 0 ? position : after)),
    decode(ids, position = 'start', special) {
      if (special === 'keep') return decodeWhole(ids, position);
      const ours = ids.filter((id) => id !== bosId && id !== eosId);
      return tokenizer.decode(ours, position);
    },
  };
}

/** A text cut at its added tokens, each a part by itself, without the white space that they take along. */
function stretches(text: string, addedTokens: readonly AddedToken[]): string[] {
  const found = addedTokens.filter(({ content }) => content !== '' && text.includes(content));
  if (found.length === 0) return [text];
  const byText = new Map(found.map((token) => [token.content, token]));
  // The longest first, where one begins with another.
  const literals = [...byText.keys()].sort((a, b) => b.length - a.length).map(escaped);
  const parts = text.split(new RegExp(`(${literals.join('|')})`));
  return parts.flatMap((part, i) => {
    if (byText.has(part)) return [part];
    const begun = byText.get(parts[i - 1] ?? '')?.rstrip ? part.trimStart() : part;
    const own = byText.get(parts[i + 1] ?? '')?.lstrip ? begun.trimEnd() : begun;
    // An empty beginning stays: it says that no text stands at the start.
    return own === '' && i > 0 ? [] : [own];
  });
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Ids in runs: each of those by itself, and what lies between them. */
function runs(ids: readonly number[], isAlone: (id: number) => boolean): number[][] {
  const result: number[][] = [];
  let alone = true;
  for (const id of ids) {
    const own = isAlone(id);
    if (own || alone) result.push([id]);
    else result.at(-1)?.push(id);
    alone = own;
  }
  return result;
}
