/** The sizes of a decoder of the Llama family, by the names of its config.json. */
export interface Shape {
  readonly name: string;
  readonly hidden_size: number;
  readonly num_hidden_layers: number;
  readonly num_attention_heads: number;
  readonly num_key_value_heads: number;
  readonly intermediate_size: number;
  readonly vocab_size: number;
  readonly max_position_embeddings: number;
  readonly tie_word_embeddings: boolean;
}

const shape = (name: string, hidden: number, layers: number, heads: number, kv: number, inner: number): Shape => ({
  name,
  hidden_size: hidden,
  num_hidden_layers: layers,
  num_attention_heads: heads,
  num_key_value_heads: kv,
  intermediate_size: inner,
  vocab_size: 49_152,
  max_position_embeddings: 8192,
  tie_word_embeddings: true,
});

export const SHAPES = {
  /** models/stories260k, which is trained, not random. */
  stories260k: { ...shape('stories260k', 64, 5, 8, 4, 172), vocab_size: 512 },
  '15m': { ...shape('15m', 288, 6, 6, 6, 768), vocab_size: 32_000 },
  '135m': shape('135m', 576, 30, 9, 3, 1536),
  '360m': shape('360m', 960, 32, 15, 5, 2560),
  /** TinyLlama's and Llama 2's. */
  '1.1b': { ...shape('1.1b', 2048, 22, 32, 4, 5632), vocab_size: 32_000, tie_word_embeddings: false },
  '7b': { ...shape('7b', 4096, 32, 32, 32, 11_008), vocab_size: 32_000, tie_word_embeddings: false },
} as const;

/** The same with fewer layers, for what would take too long otherwise. */
export const withLayers = (from: Shape, layers: number): Shape => ({
  ...from,
  name: `${from.name}-${layers}-layers`,
  num_hidden_layers: layers,
});

export interface Work {
  readonly method: 'lora' | 'full';
  readonly rank: number;
  /** Of every example: places the model reads, and targets with a weight above 0. */
  readonly examples: readonly { readonly length: number; readonly targets: number }[];
}

/**
 * Floating-point operations that a training step cannot do without: products with weights forward and back (three with a
 * trained matrix, two with a frozen one), attention over the causal half, logits where there is a target. No padding,
 * nothing computed twice, no elementwise work.
 */
export function neededOperations(shape: Shape, { method, rank, examples }: Work): number {
  const { hidden_size: hidden, intermediate_size: inner, num_hidden_layers: layers } = shape;
  const headSize = hidden / shape.num_attention_heads;
  const keyValues = headSize * shape.num_key_value_heads;
  const matrices = [
    [hidden, hidden],
    [hidden, keyValues],
    [hidden, keyValues],
    [hidden, hidden],
    [hidden, inner],
    [hidden, inner],
    [inner, hidden],
  ] as const;
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const weights = layers * sum(matrices.map(([inputs, outputs]) => inputs * outputs));
  const adapters = method === 'lora' ? layers * sum(matrices.map(([a, b]) => rank * (a + b))) : 0;
  const perProduct = method === 'lora' ? 4 : 6;
  const tokens = sum(examples.map(({ length }) => length));
  const targets = sum(examples.map((example) => example.targets));
  const attention = 6 * layers * hidden * sum(examples.map(({ length }) => length ** 2));
  return (perProduct * weights + 6 * adapters) * tokens + perProduct * hidden * shape.vocab_size * targets + attention;
}
