import { relative, resolve } from 'node:path';
import { type ExportResult, exportFormats, exportTypes } from '@counterweight/core';
import { z } from 'zod';
import { type Command, type Context, defineCommand } from '../command.ts';
import { describeExport } from '../describe-export.ts';
import { PartlyFailed } from '../exit.ts';
import { optionError } from '../option-error.ts';
import { findRecipeFrom } from '../resolve-recipe.ts';
import { printGgufCheck } from '../verify/print-gguf-check.ts';

const folder = (description: string) =>
  z.string().min(1).optional().describe(description).meta({ placeholder: 'folder' });

const options = z.strictObject({
  run: folder('run folder whose result is exported').meta({ placeholder: 'run' }),
  to: z
    .enum(exportFormats)
    .describe(
      'peft: the adapter alone; merged: a Hugging Face folder; onnx: for Transformers.js; gguf: for llama.cpp and Ollama, with a Modelfile; gguf-adapter: the adapter alone for llama.cpp and Ollama, with a Modelfile',
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
  check: z
    .boolean()
    .default(false)
    .describe("gguf of a run: ask llama.cpp's server the first held-out rows, and compare its answers with the run's"),
  llamaServer: z
    .string()
    .min(1)
    .default('llama-server')
    .describe("llama.cpp's server, for --check: a name on the PATH, or a path")
    .meta({ placeholder: 'path' }),
});

type Options = z.output<typeof options>;

export const exportCommand: Command = defineCommand({
  name: 'export',
  summary: 'Write what was trained in a form that other tools load: an adapter, a Hugging Face model, ONNX or GGUF.',
  example: 'counterweight export runs/first --to merged',
  options,
  argument: 'run',
  async run(asked, context) {
    const { check, llamaServer: _, ...options } = asked;
    const { core, cwd, terminal, signal } = context;
    if (options.run !== undefined && options.adapter !== undefined) {
      throw optionError('A run brings its own adapter', '--adapter', 'Leave out the run or --adapter.');
    }
    if (check && (options.run === undefined || options.to !== 'gguf')) {
      const fix = 'Give the run and --to gguf, or leave --check out.';
      throw optionError('What is checked is a GGUF file of a run: a run knows rows and answers', '--check', fix);
    }
    if (check) core.assertLlamaServer(asked.llamaServer);
    const result = await core.exportModel({ ...options, signal });
    terminal.print(describeExport(options.to, result, (path) => relative(cwd, path) || '.'));
    return check ? { ...result, check: await checked(result, asked, context) } : result;
  },
});

async function checked({ output, type }: ExportResult, { run = '', llamaServer }: Options, context: Context) {
  const { core, cwd, terminal, signal } = context;
  const place = { run: resolve(cwd, run), file: output };
  const check = await core.checkGguf({ ...place, llamaServer, findRecipe: findRecipeFrom(cwd), signal });
  terminal.print(printGgufCheck(check, terminal.colors));
  if (check.pass) return check;
  const words = "The file is written; llama.cpp's answers are not all the run's.";
  const isRounded = type !== undefined && !['f32', 'f16'].includes(type);
  throw new PartlyFailed(isRounded ? `${words} Its weights are rounded: see whether --type f16 passes.` : words, {
    output,
    check,
  });
}
