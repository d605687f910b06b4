import type { Tokenizer } from '../../tokenizer/tokenizer.ts';
import type { Constraint } from '../constraint.ts';
import { automatonOf, type State } from './automaton.ts';
import { grammarOf } from './grammar.ts';
import { compileSchema } from './schema.ts';
import { type Vocabulary, vocabularyOf } from './vocabulary.ts';

/** Tokens that may come next, and what each of them leaves to write, in bytes. */
interface NextTokens {
  readonly ids: readonly number[];
  readonly left: readonly number[];
  /** The largest of those. */
  readonly mostLeft: number;
  /** Of a state that counts without a limit: what each token counts; the tokens are in that order. */
  readonly written?: readonly number[];
}

/**
 * Outputs that are JSON and fit a schema, whatever the model would rather write. Each byte of its tokens is read by an
 * automaton of the schema, and only tokens are allowed from which an end can be reached in the room there is; so an output
 * is whole also where the room is short, and `isHurried` says that it was: it might have gone on.
 * Memory and time are those of the states that are met; looking at 50,000 tokens takes milliseconds, once a state. States
 * that differ in what a limit still leaves are looked at once for all, and sorted out by what each token counts.
 * @throws {UserError} `option-invalid` for a schema that outputs can't be held to, `tokenizer-invalid` for such a tokenizer
 */
export function jsonConstraint(schema: unknown, tokenizer: Tokenizer): Constraint {
  const vocabulary = vocabularyOf(tokenizer);
  const known = new Map<State, NextTokens>();
  const nextTokens = (state: State): NextTokens => {
    const tokens = known.get(state) ?? (state.counted ? within(state.counted) : tokensFrom(state, vocabulary));
    known.set(state, tokens);
    return tokens;
  };
  const within = ({ free, room }: NonNullable<State['counted']>): NextTokens => {
    const all = nextTokens(free());
    const { ids, left, written = [] } = all;
    const end = written.findIndex((count) => count > room);
    return end < 0 ? all : withMost({ ids: ids.slice(0, end), left: left.slice(0, end) });
  };
  const at = (state: State): Constraint => ({
    allowed(room) {
      const { ids, left, mostLeft } = nextTokens(state);
      // An end takes a token for a byte at most.
      const fitting = mostLeft < room ? ids : ids.filter((_, i) => (left[i] as number) < room);
      return state.isWhole ? [...fitting, tokenizer.eosId] : fitting;
    },
    isHurried: (room) => nextTokens(state).mostLeft >= room,
    after(id) {
      const bytes = vocabulary.bytesOf(id) ?? new Uint8Array();
      return at(bytes.reduce<State | undefined>((from, byte) => from?.after(byte), state) as State);
    },
  });
  return at(automatonOf(grammarOf(compileSchema(schema))));
}

/** One walk over the bytes of all tokens, as far as the automaton follows. */
function tokensFrom(start: State, { trie }: Vocabulary): NextTokens {
  const { bytes, depths, ends, firstIds, ids: allIds } = trie;
  const ids: number[] = [];
  const left: number[] = [];
  const written: number[] = [];
  const way: State[] = [start];
  const counts: number[] = [0];
  for (let node = 0; node < bytes.length; ) {
    const depth = depths[node] as number;
    const state = (way[depth - 1] as State).after(bytes[node] as number);
    if (!state) {
      node = ends[node] as number;
      continue;
    }
    way[depth] = state;
    // Behind what is counted, the count stays.
    counts[depth] = start.written === undefined ? 0 : (state.written ?? (counts[depth - 1] as number));
    node++;
    for (let i = firstIds[node - 1] as number; i < (firstIds[node] as number); i++) {
      ids.push(allIds[i] as number);
      left.push(state.least);
      written.push(counts[depth] as number);
    }
  }
  return start.written === undefined ? withMost({ ids, left }) : inOrder({ ids, left, written });
}

/** By what is counted, so that those within a limit are the first. */
function inOrder({ ids, left, written }: Required<Omit<NextTokens, 'mostLeft'>>): NextTokens {
  const order = [...ids.keys()].sort((a, b) => (written[a] as number) - (written[b] as number));
  const sorted = (values: readonly number[]) => order.map((i) => values[i] as number);
  return { ...withMost({ ids: sorted(ids), left: sorted(left) }), written: sorted(written) };
}

const withMost = (tokens: Pick<NextTokens, 'ids' | 'left'>): NextTokens => ({
  ...tokens,
  mostLeft: tokens.left.reduce((most, left) => Math.max(most, left), 0),
});
