import type { Part } from './parts.ts';

/** All that may come after what was read. Equal states are the same object, so that the way on is found once. */
export interface State {
  /** Whether the text may end here. */
  readonly isWhole: boolean;
  /** Bytes to the nearest end. */
  readonly least: number;
  /** Where all that is read next is counted, and free but for a limit: the state without it, and how much more is taken. */
  readonly counted: { readonly free: () => State; readonly room: number } | undefined;
  /** Of a state without a limit: what has been counted, with a character that has begun. */
  readonly written: number | undefined;
  /** After one more byte; undefined where the text can't go on so. */
  after(byte: number): State | undefined;
}

/** The parts that are still to be read, the first one first; one way among those that a state holds. */
interface Stack {
  readonly number: number;
  /** Undefined at the end of the text. */
  readonly part: Part | undefined;
  readonly below: Stack | undefined;
  /** Bytes of the shortest text of all of them. */
  readonly least: number;
}

function writtenIn(stack: Stack | undefined): number | undefined {
  for (let one = stack; one; one = one.below) if (one.part?.written !== undefined) return one.part.written;
  return undefined;
}

/** Reads the texts of a part byte by byte: a pushdown automaton, made as far as it is walked. */
export function automatonOf(part: Part): State {
  const stacks = new Map<string, Stack>();
  const states = new Map<string, State>();
  const bottom: Stack = { number: 0, part: undefined, below: undefined, least: 0 };

  const put = (parts: readonly Part[], below: Stack): Stack =>
    parts.reduceRight<Stack>((stack, part) => {
      const key = `${stack.number} ${part.key}`;
      const known = stacks.get(key);
      if (known) return known;
      const own = { number: stacks.size + 1, part, below: stack, least: part.least + stack.least };
      stacks.set(key, own);
      return own;
    }, below);

  /** Opens what is made of parts, until each way begins with one that reads, or is at its end. */
  const open = (stack: Stack, seen: Set<Stack>, into: Stack[]): void => {
    if (seen.has(stack) || stack.least === Infinity) return;
    seen.add(stack);
    const { part, below } = stack;
    if (!part || !below) into.push(stack);
    else if (part.ways) for (const parts of part.ways()) open(put(parts, below), seen, into);
    else {
      into.push(stack);
      if (part.mayBeNothing) open(below, seen, into);
    }
  };

  const stateOf = (begun: readonly Stack[]): State | undefined => {
    const ways: Stack[] = [];
    const seen = new Set<Stack>();
    for (const stack of begun) open(stack, seen, ways);
    if (ways.length === 0) return undefined;
    const key = ways
      .map(({ number }) => number)
      .sort((a, b) => a - b)
      .join();
    const state = states.get(key) ?? newState(ways);
    states.set(key, state);
    return state;
  };

  const newState = (ways: readonly Stack[]): State => {
    const only = ways.length === 1 ? ways[0] : undefined;
    const { counted } = only?.part ?? {};
    return {
      isWhole: ways.includes(bottom),
      counted: counted && {
        room: counted.room,
        free: () => stateOf([put([counted.free], only?.below ?? bottom)]) as State,
      },
      written: writtenIn(only),
      least: Math.min(...ways.map(({ least }) => least)),
      after: oncePerByte((byte) =>
        stateOf(
          ways.flatMap(({ part, below }) => {
            const rest = part?.after?.(byte);
            return rest && below ? [put(rest, below)] : [];
          }),
        ),
      ),
    };
  };
  return stateOf([put([part], bottom)]) as State;
}

function oncePerByte(step: (byte: number) => State | undefined): State['after'] {
  const next: (State | undefined | null)[] = [];
  return (byte) => {
    const known = next[byte];
    if (known !== undefined) return known ?? undefined;
    const state = step(byte);
    next[byte] = state ?? null;
    return state;
  };
}
