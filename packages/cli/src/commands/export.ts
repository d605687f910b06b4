import { relative } from 'node:path';
import { exportFormats, exportTypes } from '@counterweight/core';
import { z } from 'zod';
import { type Command, defineCommand } from '../command.ts';
import { describeExport } from '../describe-export.ts';
import { optionError } from '../option-error.ts';

const folder = (description: string) =>
  z.string().min(1).optional().describe(description).meta({ placeholder: 'folder' });

export const exportCommand: Command = defineCommand({
  name: 'export',
  summary: 'Write what was trained in a form that other tools load: an adapter, a Hugging Face model, ONNX or GGUF.',
  example: 'counterweight export runs/first --to merged',
  options: z.strictObject({
    run: folder('run folder whose result is exported').meta({ placeholder: 'run' }),
    to: z
      .enum(exportFormats)
      .describe(
        'peft: the adapter alone; merged: a Hugging Face folder; onnx: for Transformers.js; gguf: for llama.cpp; gguf-adapter: the adapter alone for llama.cpp and Ollama, with a Modelfile',
      ),
    model: folder(
      'in place of a run: a Hugging Face model or a GGUF file; with a run: where the model it began with is now',
    ),
    adapter: folder('in place of a run: a LoRA adapter to write into the model'),
    type: z
      .enum(exportTypes)
      .optional()
      .describe(
        'merged: f32, f16 or bf16 (default: as in the model); onnx: f32 or int8 (default: f32); gguf: f32, f16, q8_0, q4_1 or q4_k_m (default: f16); gguf-adapter: f32 or f16 (default: f32)',
      ),
    output: folder('where to write (default: a place in the run folder)'),
  }),
  argument: 'run',
  async run(options, { core, cwd, terminal, signal }) {
    if (options.run !== undefined && options.adapter !== undefined) {
      throw optionError('A run brings its own adapter', '--adapter', 'Leave out the run or --adapter.');
    }
    const result = await core.exportModel({ ...options, signal });
    terminal.print(describeExport(options.to, result, relative(cwd, result.output) || '.'));
    return result;
  },
});
