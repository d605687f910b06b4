/** What becomes of a tensor on the way to llama.cpp. Matrices are row-major, `[rows, columns]`; vectors `[rows]`. */
export interface TensorChange {
  readonly shape: (shape: readonly number[]) => readonly number[];
  readonly values: (values: Float32Array, shape: readonly number[]) => Float32Array;
  /** How it is undone, row by row of what llama.cpp has. */
  readonly undo: Undo;
}

export interface Undo {
  /** Where a row's values go: the place of the first one, and the step from each to the next. By default where it lies. */
  readonly place?: (row: number, shape: readonly number[]) => { readonly start: number; readonly step: number };
  readonly value?: (value: number) => number;
}

const same = (shape: readonly number[]) => shape;

/** The rows in another order: row `i` of the result is row `from(i)`. */
const reordered = (from: (row: number) => number): TensorChange => ({
  shape: same,
  values(values, [rows = 0, columns = 1]) {
    const ordered = new Float32Array(values.length);
    for (let row = 0; row < rows; row++) {
      const start = from(row) * columns;
      ordered.set(values.subarray(start, start + columns), row * columns);
    }
    return ordered;
  },
  undo: { place: (row, [, columns = 1]) => ({ start: from(row) * columns, step: 1 }) },
});

/**
 * llama.cpp rotates neighbours (0,1), (2,3), … where Hugging Face's checkpoints rotate halves (0,h/2), (1,h/2+1), …: so
 * the rows of q and k change places, head by head.
 */
export const halvesToNeighbours = (headSize: number): TensorChange =>
  reordered((row) => {
    const within = row % headSize;
    return row - within + (within % 2) * (headSize / 2) + Math.floor(within / 2);
  });

/** GPT-NeoX keeps q, k and v of a head together; llama.cpp wants all of q, then all of k, then all of v. */
export const headsApart = (heads: number, headSize: number): TensorChange =>
  reordered((row) => {
    const [which, inHeads] = [Math.floor(row / (heads * headSize)), row % (heads * headSize)];
    const [head, within] = [Math.floor(inHeads / headSize), inHeads % headSize];
    return (head * 3 + which) * headSize + within;
  });

export const plusOne: TensorChange = {
  shape: same,
  values: (values) => values.map((value) => value + 1),
  undo: { value: (value) => value - 1 },
};

export const transposed: TensorChange = {
  shape: (shape) => shape.toReversed(),
  values(values, [rows = 0, columns = 0]) {
    const turned = new Float32Array(values.length);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        turned[column * rows + row] = values[row * columns + column] as number;
      }
    }
    return turned;
  },
  undo: { place: (row, [rows = 0]) => ({ start: row, step: rows }) },
};
