/**
 * A stretch of JSON that is still to be read. Parts with the same key are the same part. It is either made of others
 * (`ways`), or reads a byte by itself (`after`).
 */
export interface Part {
  readonly key: string;
  /** Bytes of the shortest text that it can be; infinite where it can be none. */
  readonly least: number;
  /** What it may be made of, one after the other; the ways to choose from. */
  readonly ways?: () => readonly (readonly Part[])[];
  /** What is left of it after a byte; undefined where it can't go on so. */
  readonly after?: (byte: number) => readonly Part[] | undefined;
  /** It may be nothing at all. */
  readonly mayBeNothing?: boolean;
  /**
   * Of a part that counts what it reads, and is free but for a limit: the same without one, which counts up in `written`,
   * and how much more it takes. What may come next is then known of the free one, for all counts.
   */
  readonly counted?: { readonly free: Part; readonly room: number };
  /** Of a part without a limit, as `free` is: what it has counted. */
  readonly written?: number;
}

const utf8 = new TextEncoder();

/** A text as it stands, from a byte of it on. */
export function literal(text: string): Part {
  const bytes = utf8.encode(text);
  const from = (at: number): Part => ({
    key: `literal ${at} ${text}`,
    least: bytes.length - at,
    after: (byte) => (byte !== bytes[at] ? undefined : at + 1 === bytes.length ? [] : [from(at + 1)]),
  });
  return from(0);
}

const [SPACE, TAB, LINE] = [0x20, 0x09, 0x0a];
/** Characters before the first of a line. */
const DEEPEST_INDENT = 32;

/** Where JSON may have white space: nothing, a space, or a new line with its indent, so that it comes to an end. */
export const gap: Part = {
  key: 'gap',
  least: 0,
  mayBeNothing: true,
  after: (byte) => (byte === SPACE ? [] : byte === LINE ? [indent(0)] : undefined),
};

const indent = (written: number): Part => ({
  key: `indent ${written}`,
  least: 0,
  mayBeNothing: true,
  after: (byte) => ((byte === SPACE || byte === TAB) && written < DEEPEST_INDENT ? [indent(written + 1)] : undefined),
});

/** Behind a colon. */
export const space: Part = {
  key: 'space',
  least: 0,
  mayBeNothing: true,
  after: (byte) => (byte === SPACE ? [] : undefined),
};
