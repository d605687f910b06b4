import { join } from 'node:path';
import { ropeFactors } from '../../gguf/architecture/rope-factors.ts';
import type { Checkpoint } from '../checkpoint.ts';
import { type ConfigFields, configFields } from '../config-fields.ts';
import { type GraphBuilder, graphBuilder, type Value } from './graph-builder.ts';
import type { Graph, Port } from './onnx-file.ts';
import { type OnnxType, onnxWeights, type Weights } from './weights.ts';

/** Families built of RMS norms, rotary attention and SwiGLU; what else is different shows in their tensors. */
const FAMILIES = ['llama', 'mistral', 'qwen2', 'qwen3', 'smollm3', 'phi3'];

interface Context {
  readonly graph: GraphBuilder;
  readonly weights: Weights;
  readonly config: ConfigFields;
  readonly heads: number;
  readonly epsilon: number;
  /** Tokens that may be seen back from a query, itself included. */
  readonly window: number | undefined;
}

/**
 * A decoder with its key-value cache as a graph, its inputs and outputs named as Transformers.js asks for them:
 * `past_key_values.0.key` … `[batch, heads, past, headSize]` in, `present.0.key` … with the new tokens appended out.
 * @throws {UserError} `model-unsupported` for other families
 */
export function decoderGraph(checkpoint: Checkpoint, type: OnnxType): Graph {
  const config = configFields(checkpoint.config, join(checkpoint.folder, 'config.json'));
  const family = String(checkpoint.config.model_type);
  if (!FAMILIES.includes(family)) config.refuse('model_type', `ONNX is written for ${FAMILIES.join(', ')}.`);
  if (config.flagOr(false, 'use_sliding_window'))
    config.refuse('use_sliding_window', 'its windows are not carried over.');
  if (!['default', 'llama3'].includes(config.rope.type)) {
    config.refuse('rope_scaling', `the rotary scaling "${config.rope.type}" is not carried over.`);
  }
  const graph = graphBuilder();
  const context: Context = {
    graph,
    weights: onnxWeights(graph, checkpoint, type),
    config,
    heads: config.number('num_attention_heads'),
    epsilon: config.numberOr(1e-6, 'rms_norm_eps'),
    window: ['mistral', 'phi3'].includes(family) ? config.numberOr(undefined, 'sliding_window') : undefined,
  };
  const { weights } = context;
  const layers = config.number('num_hidden_layers');
  const unrotated = Array.isArray(checkpoint.config.no_rope_layers) ? checkpoint.config.no_rope_layers : [];

  const mask = attentionMask(context);
  const rotary = rotation(context);
  let x = weights.lookup('model.embed_tokens.weight', 'input_ids');
  for (let layer = 0; layer < layers; layer++) {
    const name = `model.layers.${layer}`;
    const attended = attention(context, layer, norm(context, `${name}.input_layernorm`, x), {
      mask,
      rotary: unrotated[layer] === 0 ? undefined : rotary,
    });
    x = graph.op('Add', [x, attended]);
    x = graph.op('Add', [x, swiglu(context, `${name}.mlp`, norm(context, `${name}.post_attention_layernorm`, x))]);
  }
  const head = weights.has('lm_head.weight') ? 'lm_head' : 'model.embed_tokens';
  graph.named('logits', weights.linear(head, norm(context, 'model.norm', x)));
  return { nodes: graph.nodes, initializers: graph.initializers, ...ports(config, layers) };
}

function ports(config: ConfigFields, layers: number): Pick<Graph, 'inputs' | 'outputs'> {
  const cache = (prefix: string, length: string): Port[] =>
    Array.from({ length: 2 * layers }, (_, i) => ({
      name: `${prefix}.${Math.floor(i / 2)}.${i % 2 === 0 ? 'key' : 'value'}`,
      type: 'float',
      shape: ['batch_size', config.keyValueHeads, length, config.headSize],
    }));
  const ids = (name: string, length: string): Port => ({ name, type: 'int64', shape: ['batch_size', length] });
  return {
    inputs: [
      ids('input_ids', 'sequence_length'),
      ids('attention_mask', 'total_sequence_length'),
      ids('position_ids', 'sequence_length'),
      ...cache('past_key_values', 'past_sequence_length'),
    ],
    outputs: [
      { name: 'logits', type: 'float', shape: ['batch_size', 'sequence_length', config.number('vocab_size')] },
      ...cache('present', 'total_sequence_length'),
    ],
  };
}

/** `x / √(mean(x²) + ε) · weight`, over the last dimension. */
function norm({ graph, weights, epsilon }: Context, name: string, x: Value): Value {
  const mean = graph.op('ReduceMean', [graph.op('Mul', [x, x])], { axes: [-1], keepdims: 1 });
  const root = graph.op('Sqrt', [graph.op('Add', [mean, graph.floats([epsilon])])]);
  return graph.op('Mul', [graph.op('Div', [x, root]), weights.vector(`${name}.weight`)]);
}

function swiglu({ graph, weights }: Context, name: string, x: Value): Value {
  const joined = weights.has(`${name}.gate_up_proj.weight`);
  const [gate = '', up = ''] = joined
    ? graph.ops('Split', [weights.linear(`${name}.gate_up_proj`, x)], 2, { axis: -1 })
    : [weights.linear(`${name}.gate_proj`, x), weights.linear(`${name}.up_proj`, x)];
  const activated = graph.op('Mul', [gate, graph.op('Sigmoid', [gate])]);
  return weights.linear(`${name}.down_proj`, graph.op('Mul', [activated, up]));
}

/** 0 where a query may see a key, far below where not: `[batch, 1, queries, keys]`. */
function attentionMask({ graph, window }: Context): Value {
  const length = (input: string) => {
    const size = graph.op('Gather', [graph.op('Shape', [input]), graph.integers([1])], { axis: 0 });
    return graph.op('Squeeze', [size, graph.integers([0])]);
  };
  const [zero, one] = [graph.integers([0], []), graph.integers([1], [])];
  const total = length('attention_mask');
  const keys = graph.op('Range', [zero, total, one]);
  const places = graph.op('Range', [graph.op('Sub', [total, length('input_ids')]), total, one]);
  const queries = graph.op('Unsqueeze', [places, graph.integers([1])]);
  let visible = graph.op('LessOrEqual', [keys, queries]);
  if (window !== undefined) {
    const earliest = graph.op('Sub', [queries, graph.integers([window], [])]);
    visible = graph.op('And', [visible, graph.op('Greater', [keys, earliest])]);
  }
  const real = graph.op('Cast', ['attention_mask'], { to: 9 });
  const allowed = graph.op('And', [visible, graph.op('Unsqueeze', [real, graph.integers([1, 2])])]);
  return graph.op('Where', [allowed, graph.floats([0]), graph.floats([-1e9])]);
}

interface Rotation {
  /** `[batch, 1, tokens, rotated]` */
  readonly cos: Value;
  readonly sin: Value;
  readonly size: number;
}

function rotation({ graph, config }: Context): Rotation {
  const { headSize, rope } = config;
  const size = headSize * config.numberOr(1, 'partial_rotary_factor');
  const factors = ropeFactors(config);
  const frequencies = Float32Array.from(
    { length: size / 2 },
    (_, i) => rope.theta ** ((-2 * i) / size) / (factors?.[i] ?? 1),
  );
  const positions = graph.op('Unsqueeze', [graph.op('Cast', ['position_ids'], { to: 1 }), graph.integers([1, 3])]);
  const half = graph.op('Mul', [positions, graph.floats(frequencies)]);
  const angles = graph.op('Concat', [half, half], { axis: -1 });
  return { cos: graph.op('Cos', [angles]), sin: graph.op('Sin', [angles]), size };
}

/** `x cos + rotateHalf(x) sin`, on the first `size` features of a head. */
function rotate({ graph, config }: Context, x: Value, { cos, sin, size }: Rotation): Value {
  const part = (value: Value, from: number, to: number) =>
    graph.op('Slice', [value, graph.integers([from]), graph.integers([to]), graph.integers([-1])]);
  const turned = size === config.headSize ? x : part(x, 0, size);
  const swapped = graph.op('Concat', [graph.op('Neg', [part(turned, size / 2, size)]), part(turned, 0, size / 2)], {
    axis: -1,
  });
  const rotated = graph.op('Add', [graph.op('Mul', [turned, cos]), graph.op('Mul', [swapped, sin])]);
  if (size === config.headSize) return rotated;
  return graph.op('Concat', [rotated, part(x, size, config.headSize)], { axis: -1 });
}

function attention(
  context: Context,
  layer: number,
  x: Value,
  { mask, rotary }: { mask: Value; rotary: Rotation | undefined },
): Value {
  const { graph, weights, config, heads } = context;
  const { headSize, keyValueHeads } = config;
  const name = `model.layers.${layer}.self_attn`;
  const reshape = (value: Value, ...shape: number[]) => graph.op('Reshape', [value, graph.integers(shape)]);
  const transpose = (value: Value, ...perm: number[]) => graph.op('Transpose', [value], { perm });
  const placed = (value: Value) => (rotary ? rotate(context, value, rotary) : value);
  /** `[batch, tokens, heads · size] → [batch, heads, tokens, size]`, normalised where the family does. */
  const perHead = (value: Value, count: number, normName: string) => {
    const split = reshape(value, 0, 0, count, headSize);
    const scaled = weights.has(`${normName}.weight`) ? norm(context, normName, split) : split;
    return transpose(scaled, 0, 2, 1, 3);
  };
  const { q, k, v } = queriesKeysValues(context, name, x);
  const past = (which: string) => `past_key_values.${layer}.${which}`;
  const grown = (which: string, value: Value) =>
    graph.named(`present.${layer}.${which}`, graph.op('Concat', [past(which), value], { axis: 2 }));
  const keys = grown('key', placed(perHead(k, keyValueHeads, `${name}.k_norm`)));
  const values = grown('value', perHead(v, keyValueHeads, 'none'));
  const queries = graph.op('Mul', [placed(perHead(q, heads, `${name}.q_norm`)), graph.floats([headSize ** -0.5])]);
  // The queries of all heads that share keys stand in one matrix: nothing is repeated.
  const grouped = reshape(queries, 0, keyValueHeads, -1, headSize);
  const scores = reshape(graph.op('MatMul', [grouped, transpose(keys, 0, 1, 3, 2)]), 0, heads, -1, 0);
  const weightsOfKeys = graph.op('Softmax', [graph.op('Add', [scores, mask])], { axis: -1 });
  const mixed = graph.op('MatMul', [reshape(weightsOfKeys, 0, keyValueHeads, -1, 0), values]);
  const joined = reshape(transpose(reshape(mixed, 0, heads, -1, headSize), 0, 2, 1, 3), 0, 0, heads * headSize);
  return weights.linear(`${name}.o_proj`, joined);
}

function queriesKeysValues({ graph, weights, config, heads }: Context, name: string, x: Value) {
  if (!weights.has(`${name}.qkv_proj.weight`)) {
    const project = (which: string) => weights.linear(`${name}.${which}_proj`, x);
    return { q: project('q'), k: project('k'), v: project('v') };
  }
  const sizes = [heads, config.keyValueHeads, config.keyValueHeads].map((count) => count * config.headSize);
  const joined = weights.linear(`${name}.qkv_proj`, x);
  const [q = '', k = '', v = ''] = graph.ops('Split', [joined, graph.integers(sizes)], 3, { axis: -1 });
  return { q, k, v };
}
