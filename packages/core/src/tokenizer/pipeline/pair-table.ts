/** A map from two whole numbers of 0 or more to a third, in typed arrays: hundreds of thousands fit, and are found fast. */
export interface PairTable {
  /** -1 where there is none. */
  get(a: number, b: number): number;
  set(a: number, b: number, value: number): void;
}

export function pairTable(expected: number): PairTable {
  let slots = 16;
  while (slots < expected * 2) slots *= 2;
  let table = new Int32Array(slots * 3).fill(-1);
  let used = 0;

  /** The place of the pair, or of the free slot where it belongs. */
  const find = (a: number, b: number): number => {
    const mask = slots - 1;
    let slot = (Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca77)) >>> 0;
    slot = (slot ^ (slot >>> 15)) & mask;
    for (;;) {
      const at = slot * 3;
      const found = table[at];
      if (found === -1 || (found === a && table[at + 1] === b)) return at;
      slot = (slot + 1) & mask;
    }
  };

  const grow = () => {
    const old = table;
    slots *= 2;
    table = new Int32Array(slots * 3).fill(-1);
    for (let at = 0; at < old.length; at += 3) {
      if (old[at] !== -1) table.set(old.subarray(at, at + 3), find(old[at] as number, old[at + 1] as number));
    }
  };

  return {
    get(a, b) {
      return table[find(a, b) + 2] as number;
    },
    set(a, b, value) {
      if (used * 2 >= slots) grow();
      const at = find(a, b);
      if (table[at] === -1) used++;
      table[at] = a;
      table[at + 1] = b;
      table[at + 2] = value;
    },
  };
}
