import { basename, dirname, join } from 'node:path';
import type { ExportFormat, ExportResult } from '@counterweight/core';
import { quoted } from './describe-training.ts';
import { bytes } from './format.ts';

/** What loads each format, as lines to copy. @param output as a shell in the working directory names it, as the Modelfile of `gguf` */
const NEXT: Readonly<Record<ExportFormat, (output: string, modelfile?: string) => readonly string[]>> = {
  peft: (output) => [`python: PeftModel.from_pretrained(base_model, ${JSON.stringify(output)})`],
  merged: (output) => [
    `python: AutoModelForCausalLM.from_pretrained(${JSON.stringify(output)})`,
    `shell:  vllm serve ${quoted(output)}`,
  ],
  onnx: (output) => [
    `javascript: env.localModelPath = ${JSON.stringify(dirname(output))}; // env and pipeline are of Transformers.js`,
    `javascript: await pipeline('text-generation', ${JSON.stringify(basename(output))})`,
  ],
  gguf: (output, modelfile) => [
    `shell: llama-cli --model ${quoted(output)}`,
    ...(modelfile ? [`shell: ollama create NAME -f ${quoted(modelfile)}`] : []),
  ],
  'gguf-adapter': (output) => [
    `shell: ollama create NAME -f ${quoted(join(output, 'Modelfile'))}`,
    `shell: llama-cli --model BASE.gguf --lora ${quoted(join(output, 'adapter.gguf'))}`,
  ],
};

/** An adapter's weights are as they are in the run. */
const weightsInWords = (to: ExportFormat, type: ExportResult['type']): string =>
  type ? `, weights in ${type}` : to === 'merged' ? ', weights in the types of the model' : '';

type Exported = Pick<ExportResult, 'output' | 'modelfile' | 'type' | 'bytes' | 'dequantized'>;

/** What was written, how large it is, how its weights are stored, and what loads it. @param shown a path as it is shown */
export function describeExport(
  to: ExportFormat,
  { output, modelfile, type, bytes: size, dequantized }: Exported,
  shown: (path: string) => string,
): string {
  const kind = dequantized === 'stored' ? 'the blocks that its GGUF file is kept in' : dequantized;
  return [
    `Written to ${shown(output)}: ${bytes(size)}${weightsInWords(to, type)}`,
    ...(kind ? [`The adapter was trained on weights in ${kind}: these are those weights, dequantised.`] : []),
    '',
    'Next:',
    ...NEXT[to](shown(output), modelfile && shown(modelfile)).map((line) => `  ${line}`),
    '',
  ].join('\n');
}
