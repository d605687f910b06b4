/** A tensor of a checkpoint, in whatever format it is stored. */
export interface WeightTensor {
  /** For messages. */
  readonly file: string;
  /** As its format names it. */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** @throws {UserError} `model-unsupported` for a type that is not read: asked before anything is allocated */
  assertReadable(): void;
  /** Reads all of it into its place: as f32, or as the bits of bfloat16, rounded to the nearest. */
  readInto(place: Float32Array | Uint16Array): Promise<void>;
}

/** The weights of a model, in one file or in shards, by Hugging Face's names. */
export interface WeightFiles {
  /** What names all tensors, for messages: the file, or the index of the shards. */
  readonly where: string;
  readonly tensors: ReadonlyMap<string, WeightTensor>;
  close(): Promise<void>;
}
