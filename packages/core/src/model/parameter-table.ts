import type { DecoderConfig } from './config.ts';
import { type BlockLinears, blockNorm, EMBEDDING, FINAL_NORM } from './decoder.ts';
import { biasName, type JoinedLinear, loraAName, loraBName, outputsOf, ranksOf, weightName } from './linear.ts';
import type { ParameterSpec } from './parameters.ts';

/** A tensor of the checkpoint and the rows it fills of a parameter of ours. */
export interface StoredTensor {
  readonly name: string;
  readonly shape: readonly number[];
}

/** A parameter of the model and the checkpoint's tensors that lie in it, one below the other. */
export interface BaseParameter extends ParameterSpec {
  readonly stored: readonly StoredTensor[];
}

/** The linear layers of all blocks: those that share an input are joined. */
export function linearsOf(config: DecoderConfig): BlockLinears[] {
  const { hiddenSize, intermediateSize, heads, keyValueHeads, headSize } = config;
  return Array.from({ length: config.layers }, (_, layer) => {
    const attention = `model.layers.${layer}.self_attn`;
    const mlp = `model.layers.${layer}.mlp`;
    const part = (name: string, outputs: number) => ({ name, outputs });
    return {
      qkv: {
        name: `${attention}.qkv_proj`,
        inputs: hiddenSize,
        bias: config.attentionBias,
        parts: [
          part(`${attention}.q_proj`, heads * headSize),
          part(`${attention}.k_proj`, keyValueHeads * headSize),
          part(`${attention}.v_proj`, keyValueHeads * headSize),
        ],
      },
      attentionOutput: {
        name: `${attention}.o_proj`,
        inputs: heads * headSize,
        bias: config.attentionOutputBias,
        parts: [part(`${attention}.o_proj`, hiddenSize)],
      },
      gateUp: {
        name: `${mlp}.gate_up_proj`,
        inputs: hiddenSize,
        bias: config.mlpBias,
        parts: [part(`${mlp}.gate_proj`, intermediateSize), part(`${mlp}.up_proj`, intermediateSize)],
      },
      down: {
        name: `${mlp}.down_proj`,
        inputs: intermediateSize,
        bias: config.mlpBias,
        parts: [part(`${mlp}.down_proj`, hiddenSize)],
      },
    };
  });
}

export const linearsInBlock = ({ qkv, attentionOutput, gateUp, down }: BlockLinears): JoinedLinear[] => [
  qkv,
  attentionOutput,
  gateUp,
  down,
];

/** Every parameter of the pretrained model, with its place in a Hugging Face checkpoint. */
export function baseParameters(config: DecoderConfig, blocks: readonly BlockLinears[]): BaseParameter[] {
  const lone = (name: string, shape: number[], decay: boolean): BaseParameter => ({
    name,
    shape,
    decay,
    stored: [{ name, shape }],
  });
  const table = [config.vocabularySize, config.hiddenSize];
  return [
    lone(EMBEDDING, table, false),
    ...blocks.flatMap((block, layer) => [
      lone(blockNorm(layer, 'input'), [config.hiddenSize], false),
      lone(blockNorm(layer, 'post_attention'), [config.hiddenSize], false),
      ...linearsInBlock(block).flatMap(linearParameters),
    ]),
    lone(FINAL_NORM, [config.hiddenSize], false),
    ...(config.tiedEmbeddings ? [] : [lone('lm_head.weight', table, true)]),
  ];
}

function linearParameters(linear: JoinedLinear): BaseParameter[] {
  const weight: BaseParameter = {
    name: weightName(linear),
    shape: [outputsOf(linear), linear.inputs],
    decay: true,
    stored: linear.parts.map(({ name, outputs }) => ({ name: `${name}.weight`, shape: [outputs, linear.inputs] })),
  };
  const bias: BaseParameter = {
    name: biasName(linear),
    shape: [outputsOf(linear)],
    decay: false,
    stored: linear.parts.map(({ name, outputs }) => ({ name: `${name}.bias`, shape: [outputs] })),
  };
  return linear.bias ? [weight, bias] : [weight];
}

/** The adapters' own parameters, for linear layers whose parts have been given adapters. */
export function adapterParameters(blocks: readonly BlockLinears[]): ParameterSpec[] {
  return blocks.flatMap(linearsInBlock).flatMap((linear) => {
    if (ranksOf(linear) === 0) return [];
    return [
      { name: loraAName(linear), shape: [ranksOf(linear), linear.inputs], decay: true },
      ...linear.parts.flatMap((part) =>
        part.adapter ? [{ name: loraBName(part), shape: [part.outputs, part.adapter.rank], decay: true }] : [],
      ),
    ];
  });
}
