import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { saveWordsOf } from '../../checkpoint/pretrained/save-tokenizer.ts';
import { withStopIds } from '../../tokenizer/stop-ids.ts';
import type { Checkpoint } from '../checkpoint.ts';
import type { JsonObject } from '../json.ts';
import { decoderGraph } from './decoder-graph.ts';
import { writeOnnx } from './onnx-file.ts';
import type { OnnxType } from './weights.ts';

/** By the names that Transformers.js looks for, and its word for the type. */
const FILES = {
  f32: { file: 'model.onnx', dtype: 'fp32' },
  int8: { file: 'model_quantized.onnx', dtype: 'q8' },
} as const;

/**
 * A folder that Transformers.js loads: `onnx/model.onnx`, config.json and the tokenizer's files.
 * @param stopIds tokens that end an answer, which the settings are to name
 */
export async function exportOnnx(
  checkpoint: Checkpoint,
  folder: string,
  { type, stopIds }: { type: OnnxType; stopIds: readonly number[] },
): Promise<void> {
  const { file, dtype } = FILES[type];
  const graph = decoderGraph(checkpoint, type);
  await mkdir(join(folder, 'onnx'), { recursive: true });
  await writeOnnx(join(folder, 'onnx', file), graph);
  const config = withStopIds({ ...checkpoint.config, 'transformers.js_config': { dtype } }, stopIds);
  await writeFile(join(folder, 'config.json'), `${JSON.stringify(config, null, 2)}\n`);
  await saveWordsOf(checkpoint, folder, stopIds);
  await spellMergesAsTexts(join(folder, 'tokenizer.json'));
}

/** `["a", "b"]` → `"a b"`: the spelling that every version of Transformers.js reads. Tokens have no spaces in them. */
async function spellMergesAsTexts(file: string): Promise<void> {
  const json = JSON.parse(await readFile(file, 'utf8')) as {
    readonly model: { readonly merges?: unknown } & JsonObject;
  };
  const { merges } = json.model;
  if (!Array.isArray(merges) || !merges.every((pair) => Array.isArray(pair) && !pair.join('').includes(' '))) return;
  const model = { ...json.model, merges: merges.map((pair: string[]) => pair.join(' ')) };
  await writeFile(file, JSON.stringify({ ...json, model }));
}
