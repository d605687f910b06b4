/** The shape of a decoder-only transformer, whatever family it came from. Sizes are numbers of features or tokens. */
export interface DecoderConfig {
  readonly family: string;
  readonly vocabularySize: number;
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly layers: number;
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly headSize: number;
  /** Longest sequence the model was made for. */
  readonly contextLength: number;
  readonly ropeTheta: number;
  readonly normEpsilon: number;
  readonly attentionBias: boolean;
  readonly attentionOutputBias: boolean;
  readonly mlpBias: boolean;
  /** The vocabulary projection is the embedding table itself. */
  readonly tiedEmbeddings: boolean;
}
