/** How often chance alone comes as far as what was observed. */
export interface PValues {
  /** Of each contrast by itself. */
  readonly single: readonly number[];
  /** Corrected for their number, with what they have in common. */
  readonly corrected: readonly number[];
}

/**
 * Counts how often draws of chance come as far as what was observed, of each contrast by itself and of those that are asked
 * together. These go down the steps of Westfall and Young (1993, algorithm 2.8): the farthest contrast is compared with the
 * farthest of all in each draw, the next with the farthest of those that are left, and none has a smaller p than the one before
 * it. That one of some contrasts without a difference is called different is as likely as `alpha` at most, whichever they are.
 * @param observed statistics, of which more is less like chance
 */
export class Tally {
  readonly #observed: readonly number[];
  /** The farthest contrast last. */
  readonly #order: readonly number[];
  readonly #single: number[];
  readonly #steps: number[];
  #draws = 0;

  constructor(observed: readonly number[]) {
    this.#observed = observed;
    this.#order = [...observed.keys()].sort((a, b) => (observed[a] as number) - (observed[b] as number));
    this.#single = observed.map(() => 0);
    this.#steps = observed.map(() => 0);
  }

  /** One draw of chance: a statistic of each contrast. */
  add(drawn: ArrayLike<number>): void {
    this.#draws++;
    let farthest = Number.NEGATIVE_INFINITY;
    for (const i of this.#order) {
      farthest = Math.max(farthest, drawn[i] as number);
      if ((drawn[i] as number) >= (this.#observed[i] as number)) this.#single[i]!++;
      if (farthest >= (this.#observed[i] as number)) this.#steps[i]!++;
    }
  }

  /** @param observedToo how often what was observed counts as one more draw: 1 where it is not among them */
  pValues(observedToo: 0 | 1): PValues {
    const share = (count: number) => (count + observedToo) / (this.#draws + observedToo);
    const corrected = this.#steps.map(share);
    let most = 0;
    for (const i of this.#order.toReversed()) {
      most = Math.max(most, corrected[i] as number);
      corrected[i] = most;
    }
    return { single: this.#single.map(share), corrected };
  }
}
