import { refuse } from './expressible.ts';

export type Merge = readonly [left: string, right: string];

/**
 * llama.cpp merges two tokens wherever both together are a token, the one with the highest score first; tokenizer.json
 * merges the pairs that it lists, in their order. That is the same where every two tokens that can come to stand side by
 * side and make a third are listed, and the merges that make one token follow each other, as they do where the list was
 * made from SentencePiece's scores. A list that was learnt pair by pair may be otherwise.
 * @param merges by rank
 * @param apart tokens that are cut out of texts before anything is merged
 * @throws {UserError} `model-unsupported` with two tokens that llama.cpp would merge otherwise
 */
export function assertMergesByToken(
  merges: readonly Merge[],
  { vocab, apart, where }: { vocab: Readonly<Record<string, number>>; apart: ReadonlySet<string>; where: string },
): void {
  const ranks = new Map(merges.map(([left, right], rank) => [key(left, right), rank]));
  const known = new Set(Object.keys(vocab));
  let made: string | undefined;
  const done = new Set<string>();
  for (const [left, right] of merges) {
    const token = left + right;
    if (token === made || apart.has(token)) continue;
    if (done.has(token)) otherwise(left, right, where);
    done.add(token);
    made = token;
  }
  for (const token of known) {
    if (apart.has(token)) continue;
    const characters = [...token];
    for (let i = 1; i < characters.length; i++) {
      const [left, right] = [characters.slice(0, i).join(''), characters.slice(i).join('')];
      if (!known.has(left) || !known.has(right) || ranks.has(key(left, right))) continue;
      if (mergedByRank(characters, ranks).join(' ') === `${left} ${right}`) otherwise(left, right, where);
    }
  }
}

const key = (left: string, right: string) => `${left} ${right}`;

const otherwise = (left: string, right: string, where: string): never =>
  refuse(
    `${JSON.stringify(left)} and ${JSON.stringify(right)} become ${JSON.stringify(left + right)} by its list of merges, not by their tokens' order`,
    where,
    'model.merges',
  );

/** Tokens of a text as tokenizer.json merges it. */
function mergedByRank(characters: readonly string[], ranks: ReadonlyMap<string, number>): string[] {
  const tokens = [...characters];
  for (;;) {
    let [best, at] = [Infinity, -1];
    for (let i = 0; i + 1 < tokens.length; i++) {
      const rank = ranks.get(key(tokens[i] as string, tokens[i + 1] as string)) ?? Infinity;
      if (rank < best) [best, at] = [rank, i];
    }
    if (at < 0) return tokens;
    tokens.splice(at, 2, `${tokens[at]}${tokens[at + 1]}`);
  }
}
