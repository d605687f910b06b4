/**
 * Where in `wanted` a longest common subsequence with `given` stands: indices, ascending. Of several longest ones it is
 * the one that rouge_score reads out, on which ROUGE-Lsum depends. Time and memory: the product of the lengths.
 */
export function longestCommonSubsequence(wanted: readonly string[], given: readonly string[]): number[] {
  const width = given.length + 1;
  // lengths[i * width + j]: of the first i tokens wanted and the first j given.
  const lengths = new Uint32Array((wanted.length + 1) * width);
  const at = (i: number, j: number) => lengths[i * width + j] as number;
  for (let i = 1; i <= wanted.length; i++) {
    for (let j = 1; j <= given.length; j++) {
      lengths[i * width + j] =
        wanted[i - 1] === given[j - 1] ? at(i - 1, j - 1) + 1 : Math.max(at(i - 1, j), at(i, j - 1));
    }
  }
  const indices: number[] = [];
  let i = wanted.length;
  let j = given.length;
  while (i > 0 && j > 0) {
    if (wanted[i - 1] === given[j - 1]) {
      indices.push(i - 1);
      i -= 1;
      j -= 1;
    } else if (at(i, j - 1) > at(i - 1, j)) {
      j -= 1;
    } else {
      i -= 1;
    }
  }
  return indices.reverse();
}
