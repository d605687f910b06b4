/**
 * Whether a regular expression repeats without bound what itself holds a repetition without bound, as `(a+)+` and
 * `((.*)*)*x` do: on a text that nearly fits, trying every division of it takes longer than anybody waits. A tokenizer's
 * expressions come with the model and are matched with every text; those in use cut texts into words, numbers and white
 * space, and have no such form (GPT-2, Llama 3, Qwen, DeepSeek, BLOOM, o200k).
 */
export function hasNestedRepetition(source: string): boolean {
  /** For every group that is open, and the whole: whether something in it is repeated without bound. */
  const open = [false];
  /** Whether the item that just ended is a group with such a thing in it. */
  let lastRepeats = false;
  let inClass = 0;
  for (let i = 0; i < source.length; i++) {
    const character = source[i];
    const unbounded = inClass === 0 && /^(?:[*+]|\{\d+,\})/.test(source.slice(i, i + 12));
    if (unbounded && lastRepeats) return true;
    if (unbounded) open[open.length - 1] = true;
    lastRepeats = false;
    if (character === '\\') i++;
    else if (character === '[') inClass++;
    else if (character === ']') inClass = Math.max(0, inClass - 1);
    else if (inClass > 0) continue;
    else if (character === '(') open.push(false);
    else if (character === ')' && open.length > 1) {
      lastRepeats = open.pop() === true;
      open[open.length - 1] ||= lastRepeats;
    } else if (character === '{' || character === '?') lastRepeats = false;
  }
  return false;
}
