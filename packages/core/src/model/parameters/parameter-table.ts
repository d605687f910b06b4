import type { BlockLinears, BlockShape, DecoderConfig, NormShape } from '../config.ts';
import {
  adaptedParts,
  biasName,
  type JoinedLinear,
  loraAName,
  loraBName,
  magnitudeName,
  outputsOf,
  ranksOf,
  weightName,
  weightShape,
} from '../layers/linear.ts';
import type { ParameterSpec } from './parameters.ts';

/** A tensor of the checkpoint, by the name and shape it has there. */
export interface StoredTensor {
  readonly name: string;
  readonly shape: readonly number[];
}

/** A parameter of the model and the checkpoint's tensors that lie in it, one below the other. */
export interface BaseParameter extends ParameterSpec {
  readonly stored: readonly StoredTensor[];
}

/** The linear layers of all blocks: those that share an input are joined. */
export const linearsOf = (config: DecoderConfig): BlockLinears[] => config.blocks.map(({ linears }) => linears);

export const linearsInBlock = ({ qkv, attentionOutput, gateUp, down }: BlockLinears): JoinedLinear[] => [
  qkv,
  attentionOutput,
  gateUp,
  down,
];

/** Every parameter of the pretrained model, with its place in a Hugging Face checkpoint. */
export function baseParameters(config: DecoderConfig, blocks: readonly BlockLinears[]): BaseParameter[] {
  const { embedding, hiddenSize, vocabularySize, contextLength } = config;
  const table = [vocabularySize, hiddenSize];
  return [
    lone(embedding.name, table, false),
    ...(embedding.positions ? [lone(embedding.positions, [contextLength, hiddenSize], false)] : []),
    ...config.blocks.flatMap((shape, layer) => [
      ...normsOf(shape, hiddenSize),
      ...linearsInBlock(blocks[layer] as BlockLinears).flatMap(linearParameters),
    ]),
    ...normParameters(config.finalNorm, hiddenSize),
    ...(config.tiedEmbeddings ? [] : [lone(config.head, table, true)]),
  ];
}

const lone = (name: string, shape: number[], decay: boolean): BaseParameter => ({
  name,
  shape,
  decay,
  stored: [{ name, shape }],
});

function normsOf({ norms, attention }: BlockShape, hiddenSize: number): BaseParameter[] {
  const ofStream = [norms.beforeAttention, norms.afterAttention, norms.beforeMlp, norms.afterMlp];
  return [
    ...ofStream.flatMap((norm) => normParameters(norm, hiddenSize)),
    ...[attention.queryNorm, attention.keyNorm].flatMap((norm) => normParameters(norm, attention.headSize)),
  ];
}

function normParameters(norm: NormShape | undefined, size: number): BaseParameter[] {
  if (!norm) return [];
  const weight = lone(`${norm.name}.weight`, [size], false);
  return norm.kind === 'layer' ? [weight, lone(`${norm.name}.bias`, [size], false)] : [weight];
}

function linearParameters(linear: JoinedLinear): BaseParameter[] {
  const weight: BaseParameter = {
    name: weightName(linear),
    shape: weightShape(linear),
    decay: true,
    stored: linear.parts.map((part) => ({
      name: `${part.name}.weight`,
      shape: weightShape({ ...linear, parts: [part] }),
    })),
  };
  const bias: BaseParameter = {
    name: biasName(linear),
    shape: [outputsOf(linear)],
    decay: false,
    stored: linear.parts.map(({ name, outputs }) => ({ name: `${name}.bias`, shape: [outputs] })),
  };
  return linear.bias ? [weight, bias] : [weight];
}

/** The parts of all linear layers that have adapters, with the layers that they are parts of. */
export const adaptedPartsOf = (blocks: readonly BlockLinears[]) =>
  blocks.flatMap(linearsInBlock).flatMap((linear) => adaptedParts(linear).map((place) => ({ linear, ...place })));

/** The adapters' own parameters, for linear layers whose parts have been given adapters. */
export function adapterParameters(blocks: readonly BlockLinears[]): ParameterSpec[] {
  return blocks.flatMap(linearsInBlock).flatMap((linear) => {
    if (ranksOf(linear) === 0) return [];
    return [
      { name: loraAName(linear), shape: [ranksOf(linear), linear.inputs], decay: true },
      ...linear.parts.flatMap((part) =>
        part.adapter ? [{ name: loraBName(part), shape: [part.outputs, part.adapter.rank], decay: true }] : [],
      ),
      ...linear.parts.flatMap((part) =>
        part.adapter?.dora ? [{ name: magnitudeName(part), shape: [part.outputs], decay: false }] : [],
      ),
    ];
  });
}
