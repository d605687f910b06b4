/** Enough of a text to see how it is written, and all of it again. */
export interface LookedAt {
  readonly head: string;
  readonly isWhole: boolean;
  readonly rest: AsyncIterable<string>;
}

const HEAD = 2 ** 16;

/** Reads the beginning of a text, which can be read from its beginning all the same. */
export async function lookAhead(content: AsyncIterable<string>): Promise<LookedAt> {
  const pieces = content[Symbol.asyncIterator]();
  let head = '';
  let isWhole = false;
  while (head.length < HEAD && !isWhole) {
    const { value, done } = await pieces.next();
    head += value ?? '';
    isWhole = done === true;
  }
  async function* rest(): AsyncGenerator<string> {
    try {
      yield head;
      yield* { [Symbol.asyncIterator]: () => pieces };
    } finally {
      await pieces.return?.();
    }
  }
  return { head, isWhole, rest: rest() };
}
