import { type Steps, withBreaths } from '../../abort.ts';
import { transposed } from '../../gguf/architecture/tensor-changes.ts';
import type { Checkpoint } from '../checkpoint.ts';
import type { GraphBuilder, Value } from './graph-builder.ts';

export type OnnxType = 'f32' | 'int8';

/** The checkpoint's weights as constants of the graph, whole or in 8 bits. */
export interface Weights {
  has(name: string): boolean;
  /** A vector as it is: a norm's weight, a bias. */
  vector(name: string): Value;
  /** `x Wᵀ`, plus the bias where the checkpoint has one: `[…, inputs] → […, outputs]`. */
  linear(layer: string, x: Value): Value;
  /** Rows of a table: `[…] → […, width]`. */
  lookup(table: string, ids: Value): Value;
}

/**
 * In 8 bits, a matrix is stored as whole numbers in ±127 with one scale a row of the checkpoint (an output, a token), and
 * widened when it is used: what is computed stays f32.
 */
export function onnxWeights(graph: GraphBuilder, { tensors, read, breathe }: Checkpoint, type: OnnxType): Weights {
  const shapeOf = (name: string) => tensors.get(name)?.shape ?? [];
  const floatBytes = (values: Float32Array) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const whole = (name: string) => {
    const shape = shapeOf(name);
    return graph.weight(name, 'float', shape, async () => floatBytes(await read(name)));
  };
  const quantized = (name: string) => {
    const [rows = 0, columns = 0] = shapeOf(name);
    const inRows = async () => withBreaths(quantizeRows(await read(name), columns), breathe);
    const values = graph.weight(
      `${name}_int8`,
      'int8',
      [rows, columns],
      async () => new Uint8Array((await inRows()).multiples.buffer),
    );
    const scales = graph.weight(`${name}_scale`, 'float', [rows], async () => floatBytes((await inRows()).scales));
    return { values, scales };
  };
  // In the order that a product wants: `[inputs, outputs]`.
  const matrix = (name: string): Value => {
    if (type === 'int8') {
      const { values, scales } = quantized(name);
      return graph.op('Transpose', [graph.op('DequantizeLinear', [values, scales], { axis: 0 })], { perm: [1, 0] });
    }
    // Embeddings that are the head as well are stored once, and turned around where they are used.
    if (name.includes('embed')) return graph.op('Transpose', [whole(name)], { perm: [1, 0] });
    const shape = shapeOf(name);
    return graph.weight(`${name}_transposed`, 'float', transposed.shape(shape), async () =>
      floatBytes(transposed.values(await read(name), shape)),
    );
  };
  return {
    has: (name) => tensors.has(name),
    vector: whole,
    linear(layer, x) {
      const product = graph.op('MatMul', [x, matrix(`${layer}.weight`)]);
      return tensors.has(`${layer}.bias`) ? graph.op('Add', [product, whole(`${layer}.bias`)]) : product;
    },
    lookup(table, ids) {
      if (type === 'f32') return graph.op('Gather', [whole(table), ids]);
      const { values, scales } = quantized(table);
      const rows = graph.op('Cast', [graph.op('Gather', [values, ids])], { to: 1 });
      const scale = graph.op('Unsqueeze', [graph.op('Gather', [scales, ids]), graph.integers([-1])]);
      return graph.op('Mul', [rows, scale]);
    },
  };
}

/** Each row as multiples of its largest magnitude / 127. */
export function* quantizeRows(
  values: Float32Array,
  columns: number,
): Steps<{ multiples: Int8Array<ArrayBuffer>; scales: Float32Array }> {
  const rows = values.length / columns;
  const multiples = new Int8Array(values.length);
  const scales = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    yield;
    const own = values.subarray(row * columns, (row + 1) * columns);
    const largest = own.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const scale = Math.fround(largest / 127);
    scales[row] = scale;
    if (scale > 0) for (const [i, value] of own.entries()) multiples[row * columns + i] = Math.round(value / scale);
  }
  return { multiples, scales };
}
