import * as tf from '@tensorflow/tfjs-core';
import { type Parameters, sizeOf } from '../../model/parameters/parameters.ts';
import type { TensorToWrite } from './stream-safetensors.ts';

/** Values of a parameter that lie one behind the other, from `offset` on, as a tensor of a file. In f32. */
export interface Piece {
  readonly name: string;
  readonly shape: readonly number[];
  readonly parameter: string;
  /** In values. Default: 0. */
  readonly offset?: number;
}

/** Read out of the engine when it is the tensor's turn: saving takes the memory of one of them. */
export function pieceOf(
  parameters: Pick<Parameters, 'get'>,
  { name, shape, parameter, offset = 0 }: Piece,
): TensorToWrite {
  const size = sizeOf(shape);
  const bytes = async () => {
    const piece = tf.tidy(() => tf.slice(tf.reshape(parameters.get(parameter), [-1]), offset, size));
    try {
      return bytesOf(await valuesOf(piece));
    } finally {
      piece.dispose();
    }
  };
  return { name, dtype: 'F32', shape, byteLength: 4 * size, bytes };
}

export async function valuesOf(tensor: tf.Tensor): Promise<Float32Array> {
  return (await tensor.data()) as Float32Array;
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
