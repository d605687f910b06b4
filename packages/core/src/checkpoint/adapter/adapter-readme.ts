import type { BlockType } from '../../tensor/block-types.ts';
import type { BaseQuantization } from './adapter-config.ts';

export interface AdapterOrigin {
  /** As people name the model. */
  readonly baseModel: string;
  readonly quantization: BaseQuantization | undefined;
  /** The matrices that lay in blocks. */
  readonly blocks: ReadonlyMap<string, BlockType> | undefined;
}

/** The adapter's README.md: on which weights it was trained, since on others it answers a little otherwise. */
export function adapterReadme({ baseModel, quantization, blocks = new Map() }: AdapterOrigin): string {
  const front = ['---', `base_model: ${JSON.stringify(baseModel)}`, 'library_name: peft', 'tags:', '- lora', '---'];
  const text = `${front.join('\n')}\n\nA LoRA adapter for ${baseModel}, in PEFT's layout, made with Counterweight.\n`;
  if (blocks.size === 0) return text;
  const types = [...new Set(blocks.values())].sort().join(' and ');
  const how =
    quantization && quantization.quantize !== 'stored'
      ? `quantised on loading (\`--quantize ${quantization.quantize}${quantization.embeddings ? ' --quantize-embeddings' : ''}\`)`
      : 'kept in blocks, those of their GGUF file or the nearest of ours';
  return `${text}
## The base it was trained on

${blocks.size} of the frozen matrices were ${how}, as ${types}: blocks of 32 values with a scale. Counterweight uses the adapter with
weights that are quantised the same way, unless it is told otherwise; \`export --to merged\` writes those weights, dequantised, with the
adapter in them. On the original weights it answers nearly the same.
`;
}
