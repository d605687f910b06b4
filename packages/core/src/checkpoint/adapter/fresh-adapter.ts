import * as tf from '@tensorflow/tfjs-core';
import { decomposedParts, rowNorms } from '../../model/adapters/dora.ts';
import type { BlockLinears } from '../../model/config.ts';
import { loraAName, magnitudeName } from '../../model/layers/linear.ts';
import { matrixOf } from '../../model/parameters/matrix.ts';
import { adapterParameters, linearsInBlock } from '../../model/parameters/parameter-table.ts';
import type { Random } from '../../random.ts';

/** Fresh matrices: A uniform in ±1/√inputs (PEFT's default), B zero, so that training begins at the base model. */
export function freshAdapters(blocks: readonly BlockLinears[], random: Random): Map<string, tf.Tensor> {
  const isA = new Set(blocks.flatMap(linearsInBlock).map(loraAName));
  const matrices = adapterParameters(blocks).filter(({ shape }) => shape.length === 2);
  return new Map(
    matrices.map(({ name, shape }) => {
      const [rows, columns] = shape as [number, number];
      const bound = isA.has(name) ? 1 / Math.sqrt(columns) : 0;
      const values = new Float32Array(rows * columns);
      for (let i = 0; i < values.length; i++) values[i] = (2 * random.uniform() - 1) * bound;
      return [name, tf.tensor2d(values, [rows, columns])];
    }),
  );
}

/** Fresh magnitudes: the lengths that the rows of weight and matrices have now. */
export function freshMagnitudes(
  blocks: readonly BlockLinears[],
  tensors: ReadonlyMap<string, tf.Tensor>,
): Map<string, tf.Tensor> {
  const get = (name: string) => tensors.get(name) as tf.Tensor;
  const weights = { get, matrix: (name: string) => matrixOf(get(name)) };
  return new Map(
    blocks
      .flatMap(linearsInBlock)
      .flatMap((linear) =>
        decomposedParts(linear).map((place) => [
          magnitudeName(place.part),
          tf.tidy(() => rowNorms(weights, linear, place)),
        ]),
      ),
  );
}
