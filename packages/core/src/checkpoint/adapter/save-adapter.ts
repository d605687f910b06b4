import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { layersOf, type SavedLora } from '../../model/adapters/lora.ts';
import type { BlockLinears, DecoderConfig } from '../../model/config.ts';
import { type Adapter, loraAName, loraBName, magnitudeName } from '../../model/layers/linear.ts';
import { adaptedPartsOf, type BaseParameter, linearsInBlock } from '../../model/parameters/parameter-table.ts';
import type { Parameters } from '../../model/parameters/parameters.ts';
import type { BlockType } from '../../tensor/block-types.ts';
import { valuesOf } from '../pretrained/save-model.ts';
import { type TensorData, writeSafetensors } from '../safetensors/safetensors.ts';
import {
  ADAPTER_WEIGHTS,
  adapterConfigJson,
  type BaseQuantization,
  magnitudeNameInPeft,
  matrixName,
  PEFT_PREFIX,
} from './adapter-config.ts';
import { adapterReadme } from './adapter-readme.ts';
import { ADAPTER_CONFIG } from './read-adapter-config.ts';
import { modulesOf, namesToSave } from './whole-modules.ts';

/** What an adapter is made of, beside the matrices of its layers. */
export interface AdapterContents {
  readonly lora: SavedLora;
  /** Parameters of the model that are trained whole, and belong to the adapter. */
  readonly wholeModules: readonly BaseParameter[];
}

export interface AdapterToSave {
  readonly parameters: Pick<Parameters, 'get'> & { readonly blocks?: ReadonlyMap<string, BlockType> };
  readonly blocks: readonly BlockLinears[];
  readonly config: DecoderConfig;
  readonly adapter: AdapterContents;
  /** As people name the model. */
  readonly baseModel: string;
  /** How its frozen weights were quantised: said of those in blocks, and where they were asked to be or not to be. */
  readonly quantization?: BaseQuantization | undefined;
}

export async function saveAdapter(
  folder: string,
  { parameters, config, blocks, adapter: { lora, wholeModules }, baseModel, quantization }: AdapterToSave,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const tensors = new Map<string, TensorData>();
  const plan = new Map<string, Adapter>();
  for (const { linear, part, rankOffset } of adaptedPartsOf(blocks)) {
    const { rank, dora } = part.adapter;
    const a = await valuesOf(parameters.get(loraAName(linear)));
    const values = a.subarray(rankOffset * linear.inputs, (rankOffset + rank) * linear.inputs);
    tensors.set(matrixName(part.name, 'A'), { shape: [rank, linear.inputs], values });
    const b = await valuesOf(parameters.get(loraBName(part)));
    tensors.set(matrixName(part.name, 'B'), { shape: [part.outputs, rank], values: b });
    if (dora) {
      const values = await valuesOf(parameters.get(magnitudeName(part)));
      tensors.set(magnitudeNameInPeft(part.name), { shape: [part.outputs], values });
    }
    plan.set(part.name, part.adapter);
  }
  const names = wholeModules.flatMap((parameter) =>
    namesToSave(parameter, config).map((name) => ({ parameter, name })),
  );
  for (const { parameter, name } of names) {
    const values = await valuesOf(parameters.get(parameter.name));
    tensors.set(`${PEFT_PREFIX}${name}`, { shape: parameter.shape, values });
  }
  await writeSafetensors(join(folder, ADAPTER_WEIGHTS), tensors);
  const layers = layersOf(blocks);
  const savedModules = modulesOf(names.map(({ name }) => name));
  const transposed = blocks.flatMap(linearsInBlock).some((linear) => linear.transposed);
  const isStored = quantization?.quantize === 'stored' && !parameters.blocks?.size;
  const said = isStored ? undefined : quantization;
  const json = adapterConfigJson({ lora, plan, layers, transposed, savedModules, baseModel, quantization: said });
  await writeFile(join(folder, ADAPTER_CONFIG), `${JSON.stringify(json, null, 2)}\n`);
  await writeFile(join(folder, 'README.md'), adapterReadme({ baseModel, quantization, blocks: parameters.blocks }));
}
