/** How far from the diagonal the edit distance looks: Tercom's, and part of the definition. */
const BEAM_WIDTH = 25;

const COPY = 0;
const SUBSTITUTE = 1;
/** A word of the output that the reference has not. */
const DELETE = 2;
/** A word of the reference that the output has not. */
const INSERT = 3;
type Operation = typeof COPY | typeof SUBSTITUTE | typeof DELETE | typeof INSERT;

const INFINITE = 1e9;

/** Which word of the output stands for which of the reference, and where they differ. */
export interface Alignment {
  /** For each word of the reference, the output's word at or before the same place; −1 before the first. */
  readonly outputAt: Int32Array;
  /** 1 where a word is not the reference's. */
  readonly outputErrors: Uint8Array;
  /** 1 where a word is not the output's. */
  readonly referenceErrors: Uint8Array;
}

/**
 * The edit distance between an output, whose words are moved about, and a reference that stays. Only a band around the
 * diagonal is looked at. The table of the present output is kept: a rearrangement of it has the same rows up to the
 * first word that moved.
 */
export class EditDistance {
  readonly reference: Int32Array;
  #output: Int32Array;
  /** Row-major, `(output + 1) × (reference + 1)`. */
  #costs: Int32Array;
  #operations: Uint8Array;
  readonly #trialCosts: Int32Array;
  readonly #trialOperations: Uint8Array;

  constructor(output: Int32Array, reference: Int32Array) {
    this.reference = reference;
    this.#output = output;
    const size = (output.length + 1) * (reference.length + 1);
    this.#costs = new Int32Array(size);
    this.#operations = new Uint8Array(size);
    for (let column = 0; column <= reference.length; column++) {
      this.#costs[column] = column;
      this.#operations[column] = INSERT;
    }
    this.#fill(output, 1, this.#costs, this.#operations);
    this.#trialCosts = this.#costs.slice();
    this.#trialOperations = this.#operations.slice();
  }

  get output(): Int32Array {
    return this.#output;
  }

  /** The edit distance of the present output. */
  get edits(): number {
    return this.#costs.at(-1)!;
  }

  /** The edit distance of the same words in another order. */
  editsOf(rearranged: Int32Array): number {
    this.#fillFromFirstChange(rearranged);
    return this.#trialCosts.at(-1)!;
  }

  /** Makes the rearranged words the present output. */
  moveTo(rearranged: Int32Array): void {
    this.#fillFromFirstChange(rearranged);
    this.#costs = this.#trialCosts.slice();
    this.#operations = this.#trialOperations.slice();
    this.#output = rearranged;
  }

  alignment(): Alignment {
    const { reference } = this;
    const outputAt = new Int32Array(reference.length);
    const outputErrors = new Uint8Array(this.#output.length);
    const referenceErrors = new Uint8Array(reference.length);
    let row = this.#output.length;
    let column = reference.length;
    while (row > 0 || column > 0) {
      const operation = this.#operations[row * (reference.length + 1) + column] as Operation;
      const error = operation === COPY ? 0 : 1;
      if (operation !== INSERT) outputErrors[row - 1] = error;
      if (operation !== DELETE) {
        outputAt[column - 1] = row - 1;
        referenceErrors[column - 1] = error;
      }
      if (operation !== INSERT) row -= 1;
      if (operation !== DELETE) column -= 1;
    }
    return { outputAt, outputErrors, referenceErrors };
  }

  #fillFromFirstChange(rearranged: Int32Array): void {
    let same = 0;
    while (same < rearranged.length && rearranged[same] === this.#output[same]) same += 1;
    const start = same * (this.reference.length + 1);
    const end = start + this.reference.length + 1;
    this.#trialCosts.set(this.#costs.subarray(0, end));
    this.#trialOperations.set(this.#operations.subarray(0, end));
    this.#fill(rearranged, same + 1, this.#trialCosts, this.#trialOperations);
  }

  /** Computes the rows from `firstRow` on. */
  #fill(output: Int32Array, firstRow: number, costs: Int32Array, operations: Uint8Array): void {
    const { reference } = this;
    const width = reference.length + 1;
    const slope = output.length > 0 ? reference.length / output.length : 1;
    const beam = BEAM_WIDTH < slope / 2 ? Math.ceil(slope / 2 + BEAM_WIDTH) : BEAM_WIDTH;
    for (let row = firstRow; row <= output.length; row++) {
      const above = (row - 1) * width;
      const here = row * width;
      costs.fill(INFINITE, here, here + width);
      const diagonal = Math.floor(row * slope);
      const last = row === output.length ? width : Math.min(width, diagonal + beam);
      for (let column = Math.max(0, diagonal - beam); column < last; column++) {
        let cost = INFINITE;
        let operation: Operation = DELETE;
        if (column > 0) {
          operation = output[row - 1] === reference[column - 1] ? COPY : SUBSTITUTE;
          cost = costs[above + column - 1]! + operation;
        }
        // Among equals: copy or substitute, then delete, then insert.
        if (costs[above + column]! + 1 < cost) {
          cost = costs[above + column]! + 1;
          operation = DELETE;
        }
        if (column > 0 && costs[here + column - 1]! + 1 < cost) {
          cost = costs[here + column - 1]! + 1;
          operation = INSERT;
        }
        costs[here + column] = Math.min(cost, INFINITE);
        operations[here + column] = operation;
      }
    }
  }
}
