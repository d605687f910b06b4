import { UserError } from '../errors.ts';
import type { ChatTemplate } from './chat-template.ts';
import type { Tokenizer } from './tokenizer.ts';

/**
 * The tokenizer as a chat template wants it: the template's BOS begins a text, the token that ends the assistant's turn
 * ends a completion, and the tokenizer's own end-of-sequence token stops generation too.
 * @throws {UserError} `template-invalid` where a special token of the template is none of the tokenizer
 */
export function chatTokenizer(tokenizer: Tokenizer, { bosToken, endOfTurn }: ChatTemplate, where: string): Tokenizer {
  const idOf = (token: string): number => {
    const ids = tokenizer.encode(token, 'continuation');
    if (ids.length === 1) return ids[0] as number;
    throw new UserError({
      code: 'template-invalid',
      problem: `The chat template writes ${JSON.stringify(token)}, which is no token of the tokenizer.`,
      where,
      fix: 'Use the tokenizer.json that was saved with the model, or leave the template out with --format plain.',
    });
  };
  const bosId = bosToken === undefined ? tokenizer.bosId : idOf(bosToken);
  const eosId = endOfTurn === undefined ? tokenizer.eosId : idOf(endOfTurn);
  const { stopIds = [] } = tokenizer;
  return {
    ...tokenizer,
    bosId,
    eosId,
    stopIds: [...new Set([tokenizer.eosId, ...stopIds])].filter((id) => id !== eosId),
    decode(ids, position, special) {
      if (special !== 'keep')
        return tokenizer.decode(
          ids.filter((id) => id !== bosId && id !== eosId),
          position,
        );
      // What follows BOS begins the text, as it does when it is encoded.
      const begins = bosToken !== undefined && ids[0] === bosId;
      return begins
        ? bosToken + tokenizer.decode(ids.slice(1), 'start', 'keep')
        : tokenizer.decode(ids, position, 'keep');
    },
  };
}
