import { UserError } from '../errors.ts';
import type { ChatTemplate } from './chat-template.ts';
import type { Tokenizer } from './tokenizer.ts';

/**
 * The tokenizer as a chat template wants it: the template's BOS begins a text, the token that ends the assistant's turn
 * ends a completion, and the template's other ends and the tokenizer's own end-of-sequence token stop generation too.
 * @throws {UserError} `template-invalid` where a special token of the template is none of the tokenizer
 */
export function chatTokenizer(tokenizer: Tokenizer, template: ChatTemplate, where: string): Tokenizer {
  const { bosToken, endOfTurn, endWords, stops } = template;
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
  const { stopIds = [], addedTokens = [] } = tokenizer;
  const added = new Set(addedTokens.map(({ id }) => id));
  // The template writes the BOS, as text: what follows it begins the text only where it does so after every such token.
  const startsAfter = (id: number) => added.has(id) && tokenizer.startsAfter?.(id) === true;

  const ends = new Set([eosId, ...stops.flatMap((stop) => oneId(stop) ?? []), tokenizer.eosId, ...stopIds]);
  const others = (end: number): number[] => [...ends].filter((id) => id !== end);
  return {
    ...tokenizer,
    bosId,
    eosId,
    stopIds: others(eosId),
    ofTexts: { ...tokenizer, stopIds: others(tokenizer.eosId) },
    startsAfter,
    endWords,
    decode(ids, position, special) {
      const ours = special === 'keep' ? ids : ids.filter((id) => id !== bosId && id !== eosId);
      return tokenizer.decode(ours, position, special);
    },
  };
}
