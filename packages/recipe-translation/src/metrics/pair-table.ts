/**
 * Numbers pairs of integers: equal pairs get equal numbers, different pairs different ones, counted from 0. An n-gram
 * is the pair of its first n−1 symbols (already a number) and its last, so that n-grams of any order and of any symbols
 * are told apart exactly, by comparing two integers, and no substring is ever made.
 *
 * Open addressing over typed arrays that are used again for the next segment: a stamp says which entries are valid.
 */
export class PairTable {
  #firsts = new Int32Array(1 << 12);
  #seconds = new Int32Array(1 << 12);
  #numbers = new Int32Array(1 << 12);
  #stamps = new Int32Array(1 << 12);
  #stamp = 1;
  #size = 0;

  /** Pairs numbered since the last `clear`. */
  get size(): number {
    return this.#size;
  }

  /** Forgets all pairs. */
  clear(): void {
    this.#stamp += 1;
    this.#size = 0;
  }

  numberOf(first: number, second: number): number {
    if (this.#size * 2 >= this.#stamps.length) this.#grow();
    const slot = this.#find(first, second);
    if (this.#stamps[slot] !== this.#stamp) {
      this.#put(slot, first, second, this.#size);
      this.#size += 1;
    }
    return this.#numbers[slot]!;
  }

  /** The slot that holds the pair, or the empty one where it belongs. */
  #find(first: number, second: number): number {
    const mask = this.#stamps.length - 1;
    let hash = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b);
    hash ^= hash >>> 15;
    let slot = hash & mask;
    while (this.#stamps[slot] === this.#stamp && (this.#firsts[slot] !== first || this.#seconds[slot] !== second)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #put(slot: number, first: number, second: number, number: number): void {
    this.#stamps[slot] = this.#stamp;
    this.#firsts[slot] = first;
    this.#seconds[slot] = second;
    this.#numbers[slot] = number;
  }

  #grow(): void {
    const [firsts, seconds, numbers, stamps, stamp] = [
      this.#firsts,
      this.#seconds,
      this.#numbers,
      this.#stamps,
      this.#stamp,
    ];
    const capacity = stamps.length * 2;
    this.#firsts = new Int32Array(capacity);
    this.#seconds = new Int32Array(capacity);
    this.#numbers = new Int32Array(capacity);
    this.#stamps = new Int32Array(capacity);
    this.#stamp = 1;
    for (let slot = 0; slot < stamps.length; slot++) {
      if (stamps[slot] !== stamp) continue;
      const [first, second] = [firsts[slot]!, seconds[slot]!];
      this.#put(this.#find(first, second), first, second, numbers[slot]!);
    }
  }
}
