import { RE2JS } from 're2js';

/**
 * PEFT names layers by regular expressions: `rank_pattern` and `alpha_pattern` by those for the end of a layer's name,
 * `re.match(rf"(.*\.)?({pattern})$", name)`, `exclude_modules` by one for the whole of it, `re.fullmatch(pattern, name)`.
 * They come with the adapter, so RE2 matches them, in time linear in the name, where JavaScript's and Python's engines
 * can take for ever (`((.*)*)*x`). What RE2 leaves out, looking around and references back, names no layer that could not
 * be named without it.
 */

/** Instructions of a compiled pattern times characters of a name: about a second of RE2's slowest kind of matching. */
const MOST_WORK = 1e8;
const LONGEST_REPEATED = 20_000;

export type LayerPattern = (layer: string) => boolean;

/** How patterns are compiled; that and the pattern itself throw an Error that says why it can't be used. */
export interface LayerPatterns {
  /** For the end of a name, from a dot on. */
  end(pattern: string): LayerPattern;
  /** For a whole name. */
  whole(pattern: string): LayerPattern;
}

/** Whole names, which most patterns are: a dot stands for any character, as in all of them. */
const PLAIN = /^[\w.-]*$/;

/** Patterns of one adapter, which share a bound for the work they cause. */
export function layerPatterns(): LayerPatterns {
  let work = 0;
  const spend = (more: number) => {
    work += more;
    if (work > MOST_WORK) throw new Error('matching it with all layers would take too long');
  };
  const whole = (pattern: string): LayerPattern => {
    if (pattern.length > 1000) throw new Error('it is longer than 1000 characters');
    if (repeatedLength(pattern) > LONGEST_REPEATED) throw new Error('it repeats too much');
    const compiled = RE2JS.compile(`^(?:${pattern})$`);
    const size = compiled.programSize();
    return (layer) => {
      spend(size * layer.length);
      return compiled.test(layer);
    };
  };
  return {
    whole,
    end: (pattern) => (PLAIN.test(pattern) ? (layer) => endsWithPlain(layer, pattern) : whole(`(.*\\.)?(${pattern})`)),
  };
}

/** At most so many times a character of the pattern is copied when it is compiled: each `{1000}` within another multiplies. */
const repeatedLength = (pattern: string): number =>
  [...pattern.matchAll(/\{(\d+)(?:,(\d*))?\}/g)].reduce(
    (length, [, least, most]) => length * Math.max(1, Number(least), Number(most || 0)),
    pattern.length,
  );

function endsWithPlain(layer: string, pattern: string): boolean {
  const from = layer.length - pattern.length;
  if (from < 0 || (from > 0 && layer[from - 1] !== '.')) return false;
  for (let i = pattern.length - 1; i >= 0; i--) {
    if (pattern[i] !== layer[from + i] && pattern[i] !== '.') return false;
  }
  return true;
}
