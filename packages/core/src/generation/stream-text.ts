/** How a text ends, beside the tokens that end it. */
export interface TextEnds {
  /** Words that are no part of it where it ends with them. */
  readonly endWords: string;
  /** Where one of them begins, the text is over. */
  readonly stopStrings: readonly string[];
}

interface StreamOptions extends TextEnds {
  readonly onText?: ((prompt: number, text: string) => void) | undefined;
}

/**
 * Tokens in, text out: a character of several tokens waits until it is whole, and what may begin an end until it is none.
 * A token with which a stop string is whole is answered with 'end'.
 */
export function streamText(
  decode: (prompt: number, ids: readonly number[]) => string,
  { endWords, stopStrings, onText }: StreamOptions,
) {
  const ends = [endWords, ...stopStrings].filter((end) => end !== '');
  const ids = new Map<number, number[]>();
  const shown = new Map<number, number>();
  const show = (prompt: number, text: string) => {
    const from = shown.get(prompt) ?? 0;
    if (text.length > from) onText?.(prompt, text.slice(from));
    shown.set(prompt, Math.max(from, text.length));
  };
  return {
    push(prompt: number, id: number): 'end' | undefined {
      const soFar = ids.get(prompt) ?? [];
      ids.set(prompt, soFar);
      soFar.push(id);
      const text = decode(prompt, soFar);
      if (stopIn(text, stopStrings) !== undefined) return 'end';
      // What is not whole yet decodes to the replacement character.
      if (!text.endsWith('\uFFFD')) show(prompt, text.slice(0, text.length - begunOf(ends, text)));
      return undefined;
    },
    finish: show,
  };
}

/** Where the first of these begins in a text; undefined where none does. */
export function stopIn(text: string, stopStrings: readonly string[]): number | undefined {
  const places = stopStrings.flatMap((stop) => {
    const place = stop === '' ? -1 : text.indexOf(stop);
    return place < 0 ? [] : [place];
  });
  return places.length === 0 ? undefined : Math.min(...places);
}

/** How much of one of these a text may already have begun with at its end, at most. */
function begunOf(ends: readonly string[], text: string): number {
  return Math.max(
    0,
    ...ends.map((end) => {
      let length = Math.min(end.length, text.length);
      while (!text.endsWith(end.slice(0, length))) length--;
      return length;
    }),
  );
}
