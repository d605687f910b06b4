import { loraAName, loraBName, magnitudeName, ranksOf } from '../../packages/core/src/model/layers/linear.ts';
import { baseParameters, linearsInBlock } from '../../packages/core/src/model/parameters/parameter-table.ts';
import { sizeOf } from '../../packages/core/src/model/parameters/parameters.ts';
import type { TrainableDecoder } from '../../packages/core/src/training/step.ts';

/** The gradient gathered in a model, by the names of the checkpoint's (or PEFT's) tensors. */
export async function storedGradients(decoder: TrainableDecoder): Promise<Map<string, Float32Array>> {
  const gradient = decoder.parameters.takeGradient();
  const values = (await gradient.data()) as Float32Array;
  gradient.dispose();
  const result = new Map<string, Float32Array>();
  let offset = 0;
  const pieces = piecesByParameter(decoder);
  for (const { name } of decoder.parameters.trainable) {
    for (const piece of pieces.get(name) ?? []) {
      result.set(piece.name, values.subarray(offset, offset + piece.size));
      offset += piece.size;
    }
  }
  return result;
}

function piecesByParameter({ config, blocks }: TrainableDecoder): Map<string, { name: string; size: number }[]> {
  const pieces = new Map<string, { name: string; size: number }[]>();
  for (const { name, stored } of baseParameters(config, blocks)) {
    pieces.set(
      name,
      stored.map((tensor) => ({ name: tensor.name, size: sizeOf(tensor.shape) })),
    );
  }
  for (const linear of blocks.flatMap(linearsInBlock).filter((linear) => ranksOf(linear) > 0)) {
    const adapted = linear.parts.filter((part) => part.adapter);
    const size = (part: (typeof adapted)[0]) => part.adapter?.rank ?? 0;
    pieces.set(
      loraAName(linear),
      adapted.map((part) => ({
        name: `base_model.model.${part.name}.lora_A.weight`,
        size: size(part) * linear.inputs,
      })),
    );
    for (const part of adapted) {
      pieces.set(loraBName(part), [
        { name: `base_model.model.${part.name}.lora_B.weight`, size: part.outputs * size(part) },
      ]);
      const magnitude = { name: `base_model.model.${part.name}.lora_magnitude_vector`, size: part.outputs };
      pieces.set(magnitudeName(part), [magnitude]);
    }
  }
  return pieces;
}
