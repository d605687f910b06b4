import type { BlockType } from '../tensor/block-types.ts';

/** A tensor of a checkpoint, in whatever format it is stored. */
export interface WeightTensor {
  /** For messages. */
  readonly file: string;
  /** As its format names it. */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Of a matrix that is stored quantised along its rows. */
  readonly quantized?: StoredBlocks | undefined;
  /** @throws {UserError} `model-unsupported` for a type that is not read: asked before anything is allocated */
  assertReadable(): void;
  /** Reads all of it into its place: as f32, or as the bits of bfloat16, rounded to the nearest. */
  readInto(place: Float32Array | Uint16Array): Promise<void>;
}

export interface StoredBlocks {
  /** The blocks of ours that come nearest. */
  readonly nearest: BlockType;
  /** What reads it as such blocks, where that changes no value by more than a scale's rounding. */
  readonly rowsAs: (type: BlockType) => ReadRows | undefined;
}

/** Reads a matrix row by row. */
export type ReadRows = (put: (row: number, blocks: Uint8Array) => void) => Promise<void>;

/** The weights of a model, in one file or in shards, by Hugging Face's names. */
export interface WeightFiles {
  /** What names all tensors, for messages: the file, or the index of the shards. */
  readonly where: string;
  readonly tensors: ReadonlyMap<string, WeightTensor>;
  close(): Promise<void>;
}

/** Checkpoints of a model without its head, GPT-2's among them, leave away what all names begin with. */
export const storedTensor = ({ tensors }: Pick<WeightFiles, 'tensors'>, name: string): WeightTensor | undefined =>
  tensors.get(name) ?? tensors.get(name.slice(name.indexOf('.') + 1));
