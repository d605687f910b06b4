import { STORAGE, type TensorType } from './quantize.ts';

/** What a file may be written as: mostly one type of tensors, named as llama.cpp names files. */
export const FILE_TYPES = { f32: 0, f16: 1, q4_1: 3, q8_0: 7, q4_k_m: 15 } as const;

export type GgufType = keyof typeof FILE_TYPES;

/** The next type that holds rows of a length which are no whole blocks; at the end every length does. */
const OTHERWISE: Readonly<Partial<Record<TensorType, TensorType>>> = {
  ...{ q4_k: 'q5_0', q6_k: 'q8_0' },
  ...{ q4_1: 'f16', q5_0: 'f16', q8_0: 'f16' },
};

interface Matrix {
  /** In llama.cpp's names. */
  readonly name: string;
  readonly columns: number;
}

/**
 * The types of a file's matrices, as llama.cpp's quantiser chooses them: the one that makes the logits is finer, and in
 * q4_k_m so are values and the second product of MLPs in some layers, where errors weigh most. Joined queries, keys and values
 * are Q5_K there, and q4_k here, which writes no Q5_K.
 */
export function typesFor(
  type: GgufType,
  { layers, tied }: { readonly layers: number; readonly tied: boolean },
): (matrix: Matrix) => TensorType {
  const logits = tied ? 'token_embd.weight' : 'output.weight';
  const finer = (layer: number) => {
    const eighth = Math.floor(layers / 8);
    return layer < eighth || layer >= Math.floor((7 * layers) / 8) || (layer - eighth) % 3 === 2;
  };
  const wanted = (name: string): TensorType => {
    if (type === 'f32' || type === 'f16' || type === 'q8_0') return type;
    if (name === logits) return 'q6_k';
    if (type === 'q4_1') return type;
    const [, layer, part] = /^blk\.(\d+)\.(attn_v|ffn_down)\.weight$/.exec(name) ?? [];
    return part !== undefined && finer(Number(layer)) ? 'q6_k' : 'q4_k';
  };
  return ({ name, columns }) => {
    let own: TensorType | undefined = wanted(name);
    while (own !== undefined && columns % STORAGE[own].blockSize !== 0) own = OTHERWISE[own];
    return own ?? 'f16';
  };
}
