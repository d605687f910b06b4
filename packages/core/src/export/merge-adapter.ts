import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Steps, withBreaths } from '../abort.ts';
import { notOfThisModel, withAdaptersVocabulary } from '../checkpoint/adapter/adapted-vocabulary.ts';
import { magnitudeNameInPeft, matrixName, PEFT_PREFIX } from '../checkpoint/adapter/adapter-config.ts';
import { assertFits } from '../checkpoint/adapter/fit-adapter.ts';
import { openAdapter, type StoredAdapter } from '../checkpoint/adapter/open-adapter.ts';
import { layersOf } from '../model/adapters/lora.ts';
import { decoderConfig } from '../model/families/index.ts';
import type { Adapter } from '../model/layers/linear.ts';
import { linearsOf } from '../model/parameters/parameter-table.ts';
import type { Checkpoint, CheckpointTensor } from './checkpoint.ts';

/**
 * The checkpoint as it is with the adapter's changes written into its weights: `W + scale · B A`, with DoRA each row as
 * long as its magnitude says, and modules that were trained whole in place of the model's own. Nothing is computed
 * before a tensor is read. Closing it closes both.
 * @throws {UserError} when the adapter does not fit the model
 */
export async function mergeAdapter(base: Checkpoint, folder: string): Promise<Checkpoint> {
  const adapter = await openAdapter(folder);
  try {
    assertFits(adapter, layersOf(linearsOf(decoderConfig(base.config, join(base.folder, 'config.json')))));
    const { config, tensors, sourceOf } = await withWholeModules(base, adapter);
    return {
      ...base,
      tokenizerFolder: existsSync(join(folder, 'tokenizer.json')) ? folder : base.tokenizerFolder,
      config,
      tensors,
      async read(name) {
        const shape = tensors.get(name)?.shape ?? [];
        if (adapter.wholeTensors.has(name)) return adapter.read(`${PEFT_PREFIX}${name}`, shape);
        const values = await base.read(sourceOf(name));
        const layer = name.replace(/\.weight$/, '');
        const plan = adapter.plan.get(layer);
        if (plan && name.endsWith('.weight')) {
          const matrices = await readMatrices(adapter, layer, plan, shape, base.config.model_type === 'gpt2');
          await withBreaths(writeInto(values, matrices), base.breathe);
        }
        return values;
      },
      async close() {
        await adapter.close();
        await base.close();
      },
    };
  } catch (error) {
    await adapter.close();
    throw error;
  }
}

/** Shapes and config with the adapter's whole modules: a longer vocabulary, or tied embeddings that come apart. */
async function withWholeModules(base: Checkpoint, adapter: StoredAdapter) {
  const decoder = decoderConfig(base.config, join(base.folder, 'config.json'));
  const adapted = await withAdaptersVocabulary(decoder, adapter);
  const { name: table } = decoder.embedding;
  const { head } = decoder;
  const comesApart = decoder.tiedEmbeddings && !adapted.tiedEmbeddings;
  const tensors = new Map<string, CheckpointTensor>(base.tensors);
  const strange = [...adapter.wholeTensors.keys()].find((name) => !tensors.has(name) && name !== head);
  if (strange !== undefined) throw notOfThisModel(adapter, `a tensor "${strange}"`);
  if (comesApart) tensors.set(head, tensors.get(table) as CheckpointTensor);
  for (const [name, shape] of adapter.wholeTensors) {
    const own = tensors.get(name);
    if (own) tensors.set(name, { ...own, shape });
  }
  const config = {
    ...base.config,
    ...(adapted.vocabularySize === decoder.vocabularySize ? {} : { vocab_size: adapted.vocabularySize }),
    ...(comesApart ? { tie_word_embeddings: false } : {}),
  };
  // The head of tied embeddings that came apart: PEFT leaves it as it was.
  return { config, tensors, sourceOf: (name: string) => (comesApart && name === head ? table : name) };
}

interface Matrices extends Adapter {
  /** `[rank, inputs]` */
  readonly a: Float32Array;
  /** `[outputs, rank]` */
  readonly b: Float32Array;
  /** `[outputs]`: how long the rows are to be. */
  readonly magnitude: Float32Array | undefined;
  readonly inputs: number;
  readonly outputs: number;
  /** The weight is stored `[inputs, outputs]`, as GPT-2's are. */
  readonly transposed: boolean;
}

async function readMatrices(
  adapter: StoredAdapter,
  layer: string,
  plan: Adapter,
  [rows = 0, columns = 0]: readonly number[],
  transposed: boolean,
): Promise<Matrices> {
  const [outputs, inputs] = transposed ? [columns, rows] : [rows, columns];
  const a = await adapter.read(matrixName(layer, 'A'), [plan.rank, inputs]);
  const b = await adapter.read(matrixName(layer, 'B'), [outputs, plan.rank]);
  const magnitude = plan.dora ? await adapter.read(magnitudeNameInPeft(layer), [outputs]) : undefined;
  return { ...plan, a, b, magnitude, inputs, outputs, transposed };
}

/** Adds `scale · B A` to the weight, and gives its rows their lengths, row by row, in 64 bits. */
function* writeInto(weight: Float32Array, matrices: Matrices): Steps<void> {
  const { a, b, magnitude, rank, scale, inputs, outputs, transposed } = matrices;
  const row = new Float64Array(inputs);
  for (let output = 0; output < outputs; output++) {
    yield;
    const [start, step] = transposed ? [output, outputs] : [output * inputs, 1];
    for (let i = 0, at = start; i < inputs; i++, at += step) row[i] = weight[at] as number;
    for (let r = 0; r < rank; r++) {
      const factor = scale * (b[output * rank + r] as number);
      for (let i = 0, at = r * inputs; i < inputs; i++, at++) {
        row[i] = (row[i] as number) + factor * (a[at] as number);
      }
    }
    const stretch = magnitude ? stretchTo(magnitude[output] as number, row) : 1;
    for (let i = 0, at = start; i < inputs; i++, at += step) weight[at] = stretch * (row[i] as number);
  }
}

/** The factor that gives a row a length; a row of zeros has none to be given. */
function stretchTo(length: number, row: Float64Array): number {
  const own = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
  return own === 0 ? 0 : length / own;
}
