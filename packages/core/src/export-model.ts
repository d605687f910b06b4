import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { BaseQuantization } from './checkpoint/adapter/adapter-config.ts';
import { readAdapterConfig } from './checkpoint/adapter/read-adapter-config.ts';
import { UserError } from './errors.ts';
import { type Checkpoint, type FloatType, openCheckpoint } from './export/checkpoint.ts';
import { mergeAdapter } from './export/merge-adapter.ts';
import type { OnnxType } from './export/onnx/weights.ts';
import { exportOnnx } from './export/onnx/write-onnx.ts';
import { resolveSource, type Source, type SourceOptions } from './export/source.ts';
import { stopsOf } from './export/stops.ts';
import { exportGgufAdapter } from './export/write-gguf-adapter.ts';
import { writeMerged } from './export/write-merged.ts';
import { modelfileFor } from './export/write-modelfile.ts';
import { writePeft } from './export/write-peft.ts';
import { fillFolderDurably, isEmptyFolder, replaceFileDurably, writeFileDurably } from './files/durable.ts';
import { measureFiles } from './files/measure-files.ts';
import { explainWriteError } from './files/write-error.ts';
import type { GgufType } from './gguf/types/mixture.ts';
import { exportGguf } from './gguf/write-gguf.ts';
import { assertNames, type NamesOf } from './task/assert-task-options.ts';

export const exportFormats = ['peft', 'merged', 'onnx', 'gguf', 'gguf-adapter'] as const;
export const exportTypes = ['f32', 'f16', 'bf16', 'q8_0', 'q4_1', 'q4_k_m', 'int8'] as const;

export type ExportFormat = (typeof exportFormats)[number];
export type ExportType = (typeof exportTypes)[number];

export interface ExportOptions extends SourceOptions {
  /** Which form: the adapter alone (`peft`, `gguf-adapter`), or the whole model (`merged`, `onnx`, `gguf`). */
  readonly to: ExportFormat;
  /** How weights are stored; each format has its own choice and default. */
  readonly type?: ExportType | undefined;
  /** Default: a folder named after the format, in the run folder. */
  readonly output?: string | undefined;
  /** Heard while tensors are read, written and downloaded: nothing is left then in the place of the result. */
  readonly signal?: AbortSignal | undefined;
}

const NAMES: NamesOf<ExportOptions> = {
  ...{ run: true, model: true, adapter: true },
  ...{ to: true, type: true, output: true, signal: true },
};

export interface ExportResult {
  /** Absolute. */
  readonly output: string;
  /** Of `gguf`: the Modelfile beside it, with which Ollama takes it (`ollama create NAME -f …`); none without a tokenizer. */
  readonly modelfile?: string;
  /** How weights are stored; undefined where each keeps the type that it has. */
  readonly type: ExportType | undefined;
  /** Of all files together. */
  readonly bytes: number;
  /**
   * The base was quantised when the adapter was trained, as was asked for or (`stored`) as its GGUF file has it; what is
   * written are those weights, dequantised.
   */
  readonly dequantized?: 'int8' | 'int4' | 'stored';
}

interface Format {
  /** What weights may be stored as; the first is the default, unless the model's own type is. */
  readonly types: readonly ExportType[];
  /** The result's place in a run folder. */
  readonly place: (type: ExportType | undefined) => string;
  /** A GGUF file, and no folder; its Modelfile is beside it. */
  readonly isFile?: true;
  /** Into a place aside. */
  write(source: ExportSource, output: string, type: ExportType | undefined): Promise<ExportType | undefined>;
}

interface ExportSource extends Source {
  readonly quantization?: BaseQuantization | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A checkpoint with the adapter in it, for as long as it is written, and the tokens that end an answer of it. */
async function merged<Result>(
  { model, adapter, format, quantization, signal }: ExportSource,
  write: (checkpoint: Checkpoint, stopIds: readonly number[]) => Promise<Result>,
): Promise<Result> {
  const base = await openCheckpoint(model, { signal, quantization });
  let checkpoint = base;
  try {
    if (adapter !== undefined) checkpoint = await mergeAdapter(base, adapter);
    return await write(checkpoint, await stopsOf(checkpoint, format));
  } finally {
    await checkpoint.close();
  }
}

const FORMATS: Readonly<Record<ExportFormat, Format>> = {
  peft: {
    types: [],
    place: () => 'peft',
    async write(source, output) {
      await writePeft(withAdapter(source, 'peft'), output);
      return undefined;
    },
  },
  merged: {
    types: ['f32', 'f16', 'bf16'],
    place: () => 'merged',
    async write(source, output, type = source.originalType) {
      await merged(source, (checkpoint, stopIds) =>
        writeMerged(checkpoint, output, { type: type as FloatType | undefined, stopIds }),
      );
      return type;
    },
  },
  onnx: {
    types: ['f32', 'int8'],
    place: (type = 'f32') => (type === 'f32' ? 'onnx' : `onnx-${type}`),
    async write(source, output, type = 'f32') {
      await merged(source, (checkpoint, stopIds) =>
        exportOnnx(checkpoint, output, { type: type as OnnxType, stopIds }),
      );
      return type;
    },
  },
  gguf: {
    types: ['f32', 'f16', 'q8_0', 'q4_1', 'q4_k_m'],
    place: (type = 'f16') => `model-${type}.gguf`,
    isFile: true,
    async write(source, output, type = 'f16') {
      await merged(source, (checkpoint, stopIds) =>
        exportGguf(checkpoint, output, { type: type as GgufType, stopIds }),
      );
      return type;
    },
  },
  'gguf-adapter': {
    types: ['f32', 'f16'],
    place: () => 'gguf-adapter',
    async write(source, output, type = 'f32') {
      await exportGgufAdapter(withAdapter(source, 'gguf-adapter'), output, type as 'f32' | 'f16');
      return type;
    },
  },
};

function withAdapter(source: ExportSource, to: ExportFormat): ExportSource & { readonly adapter: string } {
  const { adapter } = source;
  if (adapter !== undefined) return { ...source, adapter };
  throw new UserError({
    code: 'option-invalid',
    problem: 'There is no adapter to export.',
    where: `--to ${to}`,
    fix: 'Name a run of --method lora, or give --adapter; a whole model is exported with --to merged or --to gguf.',
  });
}

/**
 * Writes what was trained in a form that other tools load: aside first, so that the result is whole or absent.
 * @throws {UserError} for options that do not go together, folders that are not models, and an output that is in use or
 *   cannot be written; the signal's reason once it is aborted
 * @example
 * ```ts
 * import { exportModel } from '@counterweight/core';
 *
 * const { output } = await exportModel({ model: 'org/name', adapter: 'runs/first/adapter', to: 'gguf', type: 'q8_0' });
 * ```
 */
export async function exportModel(options: ExportOptions): Promise<ExportResult> {
  assertNames(options, NAMES);
  const { to, type, output, signal, ...from } = options;
  const { types, place, isFile, write } = FORMATS[to];
  if (type !== undefined && !types.includes(type)) {
    throw new UserError({
      code: 'option-invalid',
      problem: `${to} does not store weights as ${type}.`,
      where: 'option type',
      fix: types.length > 0 ? `Choose among ${types.join(', ')}.` : 'Leave it out.',
    });
  }
  const target = resolve(output ?? defaultOutput(from, place(type)));
  const besides = isFile && modelfileBeside(target);
  await assertFree(target);
  if (besides) await assertFree(besides);
  const source = await withQuantization(await resolveSource(from, signal), signal);
  let written: ExportType | undefined;
  const writeAside = async (aside: string) => {
    written = await write(source, aside, type);
    signal?.throwIfAborted();
  };
  await (isFile ? replaceFileDurably : fillFolderDurably)(target, writeAside).catch((error: unknown) => {
    throw explainWriteError(error, target, '--output');
  });
  const ollama = besides && (await modelfileFor(source, { from: `./${basename(target)}` }));
  if (ollama) await writeFileDurably(besides, ollama);
  const { quantize = 'none' } = (to === 'peft' || to === 'gguf-adapter' ? undefined : source.quantization) ?? {};
  const { bytes } = await measureFiles(target);
  const modelfile = ollama ? { modelfile: besides } : {};
  return { output: target, type: written, bytes, ...modelfile, ...(quantize !== 'none' && { dequantized: quantize }) };
}

const modelfileBeside = (file: string) => `${file.replace(/\.gguf$/i, '')}.Modelfile`;

/** An adapter says on which weights it was trained. */
async function withQuantization(source: Source, signal: AbortSignal | undefined): Promise<ExportSource> {
  const { adapter } = source;
  const config = adapter === undefined ? undefined : await readAdapterConfig(adapter);
  return { ...source, signal, quantization: config?.base_model_quantization ?? undefined };
}

function defaultOutput({ run }: SourceOptions, place: string): string {
  if (run !== undefined) return join(run, place);
  throw new UserError({
    code: 'option-invalid',
    problem: 'There is no place to write to.',
    where: 'option output',
    fix: 'Name it: --output FOLDER.',
  });
}

async function assertFree(path: string): Promise<void> {
  if (!existsSync(path)) return;
  if ((await stat(path)).isDirectory() && (await isEmptyFolder(path))) return;
  throw new UserError({
    code: 'output-in-use',
    problem: 'There is something in the place of the result already.',
    where: path,
    fix: 'Choose another --output, or remove it.',
  });
}
