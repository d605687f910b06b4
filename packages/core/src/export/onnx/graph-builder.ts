import type { Attribute, Initializer, Node, TypeName } from './onnx-file.ts';

/** A value within the graph, by its name. */
export type Value = string;

/** Builds a graph by writing down what is computed, in order. */
export interface GraphBuilder {
  readonly nodes: readonly Node[];
  readonly initializers: readonly Initializer[];
  /** Adds an operation and gives its (first) result. `names` name the results; without, they are numbered. */
  op(operator: string, inputs: readonly Value[], attributes?: Readonly<Record<string, Attribute>>): Value;
  /** The same for operations with several results. */
  ops(
    operator: string,
    inputs: readonly Value[],
    count: number,
    attributes?: Readonly<Record<string, Attribute>>,
  ): Value[];
  /** Gives a value a name of its own, for an output. */
  named(name: string, value: Value): Value;
  /** Constants: small ones are shared. */
  floats(values: readonly number[] | Float32Array, shape?: readonly number[]): Value;
  integers(values: readonly number[], shape?: readonly number[]): Value;
  /** A large constant, read when the file is written. */
  weight(name: string, type: TypeName, shape: readonly number[], bytes: () => Promise<Uint8Array>): Value;
}

export function graphBuilder(): GraphBuilder {
  const nodes: Node[] = [];
  const initializers: Initializer[] = [];
  const known = new Set<string>();
  let count = 0;
  const add = (initializer: Initializer): Value => {
    if (!known.has(initializer.name)) initializers.push(initializer);
    known.add(initializer.name);
    return initializer.name;
  };
  const ops: GraphBuilder['ops'] = (operator, inputs, results, attributes = {}) => {
    count++;
    const outputs = Array.from({ length: results }, (_, i) => `${operator}_${count}${i > 0 ? `_${i}` : ''}`);
    nodes.push({ operator, inputs, outputs, attributes });
    return outputs;
  };
  return {
    nodes,
    initializers,
    ops,
    op: (operator, inputs, attributes) => ops(operator, inputs, 1, attributes)[0] as Value,
    named(name, value) {
      nodes.push({ operator: 'Identity', inputs: [value], outputs: [name], attributes: {} });
      return name;
    },
    floats(values, shape = [values.length]) {
      const data = Float32Array.from(values);
      const name = data.length > 8 ? `floats_${++count}` : `floats_${[...data].join('_')}_${shape.join('x')}`;
      return add({ name, type: 'float', shape, bytes: async () => new Uint8Array(data.buffer) });
    },
    integers(values, shape = [values.length]) {
      const data = BigInt64Array.from(values, (value) => BigInt(value));
      const name = `integers_${values.join('_')}_${shape.join('x')}`;
      return add({ name, type: 'int64', shape, bytes: async () => new Uint8Array(data.buffer) });
    },
    weight: (name, type, shape, bytes) => add({ name, type, shape, bytes }),
  };
}
