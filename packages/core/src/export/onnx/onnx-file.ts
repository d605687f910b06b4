import { open } from 'node:fs/promises';
import { UserError } from '../../errors.ts';
import { syncHandle } from '../../files/durable.ts';
import { bytesOf, type Field, float, integer, lengthHeader, message, text } from '../../files/protobuf.ts';
import { sizeOf } from '../../model/parameters/parameters.ts';

/** The ONNX format. Numbers of fields and types: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto */

/** IR 8 and operator set 17 are what the oldest of today's runtimes in JavaScript knows (ONNX Runtime 1.14). */
const IR_VERSION = 8;
const OPSET = 17;

export const ElementType = { float: 1, int8: 3, int64: 7, bool: 9 } as const;

export type TypeName = keyof typeof ElementType;

const BYTES: Readonly<Record<TypeName, number>> = { float: 4, int8: 1, int64: 8, bool: 1 };

/** A constant of the graph. */
export interface Initializer {
  readonly name: string;
  readonly type: TypeName;
  readonly shape: readonly number[];
  /** Little-endian, row-major; asked for when it is the tensor's turn. */
  bytes(): Promise<Uint8Array>;
}

export interface Node {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** Integers (axes), an integer (axis), or a float marked as such. */
export type Attribute = number | readonly number[] | { readonly float: number };

/** An input or output: sizes that are not fixed have names. */
export interface Port {
  readonly name: string;
  readonly type: TypeName;
  readonly shape: readonly (number | string)[];
}

export interface Graph {
  readonly nodes: readonly Node[];
  readonly initializers: readonly Initializer[];
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
}

/** A message of more than two gigabytes cannot be read by protocol buffers. */
const LIMIT = 2 ** 31 - 1;

/** @throws {UserError} `model-unsupported` for a model beyond two gigabytes */
export async function writeOnnx(file: string, { nodes, initializers, inputs, outputs }: Graph): Promise<void> {
  const before = bytesOf(...nodes.map(nodeField), text(2, 'decoder'));
  const after = bytesOf(...inputs.map((port) => portField(11, port)), ...outputs.map((port) => portField(12, port)));
  const headers = initializers.map(initializerHeader);
  const weights = initializers.map(byteLengthOf);
  const sum = (lengths: readonly number[]) => lengths.reduce((total, length) => total + length, 0);
  const length = before.length + after.length + sum(headers.map((header) => header.length)) + sum(weights);
  if (length > LIMIT) {
    throw new UserError({
      code: 'model-unsupported',
      problem: `The weights are ${(length / 1e9).toFixed(1)} GB, and one ONNX file holds 2.1 GB at most.`,
      where: file,
      fix: 'Export with --type int8, which takes a quarter, or export with --to merged.',
    });
  }
  const handle = await open(file, 'w');
  try {
    await handle.writeFile(bytesOf(integer(1, IR_VERSION), text(2, 'counterweight'), lengthHeader(7, length)));
    await handle.writeFile(before);
    for (const [i, { name, bytes }] of initializers.entries()) {
      const data = await bytes();
      if (data.byteLength !== weights[i]) throw new Error(`initializer "${name}" is not as long as its shape says`);
      await handle.writeFile(headers[i] as Uint8Array);
      await handle.writeFile(data);
    }
    await handle.writeFile(after);
    await handle.writeFile(bytesOf(message(8, [text(1, ''), integer(2, OPSET)])));
    await syncHandle(handle);
  } finally {
    await handle.close();
  }
}

const byteLengthOf = ({ type, shape }: Initializer) => sizeOf(shape) * BYTES[type];

/** All of an initializer but its values, which are the last field. */
function initializerHeader(initializer: Initializer): Uint8Array {
  const { name, type, shape } = initializer;
  const length = byteLengthOf(initializer);
  const fields = [
    ...shape.map((size) => integer(1, size)),
    integer(2, ElementType[type]),
    text(8, name),
    lengthHeader(9, length),
  ];
  return bytesOf(lengthHeader(5, bytesOf(...fields).length + length), ...fields);
}

function nodeField({ operator, inputs, outputs, attributes }: Node): Field {
  return message(1, [
    ...inputs.map((name) => text(1, name)),
    ...outputs.map((name) => text(2, name)),
    text(3, outputs[0] ?? operator),
    text(4, operator),
    ...Object.entries(attributes).map(([name, value]) => message(5, [text(1, name), ...attributeValue(value)])),
  ]);
}

function attributeValue(value: Attribute): Field[] {
  if (typeof value === 'number') return [integer(3, value), integer(20, 2)];
  if ('float' in value) return [float(2, value.float), integer(20, 1)];
  return [...value.map((one) => integer(8, one)), integer(20, 7)];
}

function portField(field: number, { name, type, shape }: Port): Field {
  const dimensions = shape.map((size) => message(1, [typeof size === 'number' ? integer(1, size) : text(2, size)]));
  const tensor = message(1, [integer(1, ElementType[type]), message(2, dimensions)]);
  return message(field, [text(1, name), message(2, [tensor])]);
}
