/**
 * How much of a text is another one, 0 to 1: twice their longest common subsequence of tokens, divided by both lengths.
 * 1 where they are equal, also where both are empty. In time that goes with the product of the lengths.
 */
export function overlap(a: readonly number[], b: readonly number[]): number {
  if (a.length + b.length === 0) return 1;
  let row = new Uint32Array(b.length + 1);
  for (const one of a) {
    const next = new Uint32Array(b.length + 1);
    for (let j = 0; j < b.length; j++) {
      next[j + 1] = one === b[j] ? (row[j] as number) + 1 : Math.max(row[j + 1] as number, next[j] as number);
    }
    row = next;
  }
  return (2 * (row[b.length] as number)) / (a.length + b.length);
}
