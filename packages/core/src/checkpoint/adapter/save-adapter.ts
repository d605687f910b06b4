import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { layersOf, type SavedLora } from '../../model/adapters/lora.ts';
import type { BlockLinears, DecoderConfig } from '../../model/config.ts';
import { type Adapter, loraAName, loraBName, magnitudeName } from '../../model/layers/linear.ts';
import { adaptedPartsOf, type BaseParameter, linearsInBlock } from '../../model/parameters/parameter-table.ts';
import type { Parameters } from '../../model/parameters/parameters.ts';
import type { BlockType } from '../../tensor/block-types.ts';
import { type Piece, pieceOf } from '../safetensors/piece-of.ts';
import { streamSafetensors } from '../safetensors/stream-safetensors.ts';
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
  const plan = new Map<string, Adapter>();
  const pieces: Piece[] = [];
  for (const { linear, part, rankOffset } of adaptedPartsOf(blocks)) {
    const { rank, dora } = part.adapter;
    const a = { parameter: loraAName(linear), offset: rankOffset * linear.inputs };
    pieces.push({ name: matrixName(part.name, 'A'), shape: [rank, linear.inputs], ...a });
    pieces.push({ name: matrixName(part.name, 'B'), shape: [part.outputs, rank], parameter: loraBName(part) });
    if (dora) {
      const parameter = magnitudeName(part);
      pieces.push({ name: magnitudeNameInPeft(part.name), shape: [part.outputs], parameter });
    }
    plan.set(part.name, part.adapter);
  }
  const names = wholeModules.flatMap((parameter) =>
    namesToSave(parameter, config).map((name) => ({ parameter, name })),
  );
  for (const { parameter, name } of names) {
    pieces.push({ name: `${PEFT_PREFIX}${name}`, shape: parameter.shape, parameter: parameter.name });
  }
  await streamSafetensors(
    join(folder, ADAPTER_WEIGHTS),
    pieces.map((piece) => pieceOf(parameters, piece)),
  );
  const layers = layersOf(blocks);
  const savedModules = modulesOf(names.map(({ name }) => name));
  const transposed = blocks.flatMap(linearsInBlock).some((linear) => linear.transposed);
  const isStored = quantization?.quantize === 'stored' && !parameters.blocks?.size;
  const said = isStored ? undefined : quantization;
  const json = adapterConfigJson({ lora, plan, layers, transposed, savedModules, baseModel, quantization: said });
  await writeFile(join(folder, ADAPTER_CONFIG), `${JSON.stringify(json, null, 2)}\n`);
  await writeFile(join(folder, 'README.md'), adapterReadme({ baseModel, quantization, blocks: parameters.blocks }));
}
