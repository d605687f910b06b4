/**
 * First-fit decreasing: the largest first, each into the first bin with room for it, or into a new one. At most 11/9 of
 * the fewest bins there can be, and one more (Johnson 1973); sizes of examples come within a few percent.
 *
 *     sizes 5 3 2 7 4 1, capacity 8      7 1 │ 5 3 │ 4 2
 *
 * @param sizes none above the capacity
 * @returns the indices of the sizes in each bin, largest first; equal sizes keep their order
 */
export function firstFitDecreasing(sizes: readonly number[], capacity: number): number[][] {
  const decreasing = sizes.map((_, i) => i).sort((a, b) => (sizes[b] as number) - (sizes[a] as number));
  const bins: number[][] = [];
  const room = roomiest(sizes.length, capacity);
  for (const i of decreasing) {
    const size = sizes[i] as number;
    const bin = room.firstWith(size);
    if (bin === bins.length) bins.push([]);
    bins[bin]?.push(i);
    room.take(bin, size);
  }
  return bins;
}

/**
 * The room in each of so many bins, as a binary tree whose nodes know the most room below them: the first bin with
 * enough is found in log₂ steps, where looking at one after the other would take minutes for a million examples.
 */
function roomiest(bins: number, capacity: number) {
  const leaves = 2 ** Math.ceil(Math.log2(Math.max(1, bins)));
  const most = new Float64Array(2 * leaves).fill(capacity);
  return {
    firstWith(size: number): number {
      let node = 1;
      while (node < leaves) node = (most[2 * node] as number) >= size ? 2 * node : 2 * node + 1;
      return node - leaves;
    },
    take(bin: number, size: number): void {
      let node = leaves + bin;
      most[node] = (most[node] as number) - size;
      for (node >>= 1; node >= 1; node >>= 1) {
        most[node] = Math.max(most[2 * node] as number, most[2 * node + 1] as number);
      }
    },
  };
}
