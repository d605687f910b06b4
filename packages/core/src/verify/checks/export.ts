import { baseQuantization } from '../../checkpoint/adapter/adapter-config.ts';
import {
  bfloat16ToFloat32,
  float16ToFloat32,
  float32ToBfloat16,
  float32ToFloat16,
} from '../../checkpoint/safetensors/half-floats.ts';
import { type Checkpoint, type FloatType, openCheckpoint } from '../../export/checkpoint.ts';
import { mergeAdapter } from '../../export/merge-adapter.ts';
import { typeOf } from '../../export/source.ts';
import { exportModel } from '../../export-model.ts';
import { loadTokenizer } from '../../tokenizer/load-tokenizer.ts';
import type { Check, Difference } from '../check.ts';
import type { Subject } from '../subject.ts';

export const exported: Check<Subject> = {
  name: 'export',
  claim: 'an export that is read again is what was written',
  tolerance: () => 0,
  reason: 'a weight that was rounded to the type of the file is stored as it is, and a text has the same ids',
  meaning: 'What `export --to merged` leaves on the disk is not the model that was trained, or cuts texts otherwise.',
  async measure(subject) {
    const { modelFolder } = subject.task;
    const saved = await subject.saved();
    subject.closeModel();
    const isAdapter = subject.training.method === 'lora';
    const output = subject.path('export');
    const from = isAdapter ? { model: modelFolder, adapter: saved } : { model: saved };
    const type = isAdapter ? undefined : await typeOf(modelFolder);
    await exportModel({ ...from, to: 'merged', type, output });
    const quantization = baseQuantization(subject.training);
    const base = await openCheckpoint(from.model, { quantization });
    const expected = isAdapter ? await mergeAdapter(base, saved) : base;
    try {
      const found = await openCheckpoint(output);
      try {
        return [...(await compareTensors(expected, found, type)), ...(await compareIds(subject, output))];
      } finally {
        await found.close();
      }
    } finally {
      await expected.close();
    }
  },
};

async function compareTensors(
  expected: Checkpoint,
  found: Checkpoint,
  type: FloatType | undefined,
): Promise<Difference[]> {
  const differences: Difference[] = [];
  for (const [name, tensor] of expected.tensors) {
    if (!found.tensors.has(name)) return [{ difference: Number.NaN, found: `${name} is missing` }];
    const values = rounded(await expected.read(name), type ?? tensor.type);
    differences.push(compareTensor(name, values, await found.read(name)));
  }
  return differences;
}

/** As a file of the type holds them. */
function rounded(values: Float32Array, type: FloatType): Float32Array {
  if (type === 'f32') return values;
  return type === 'bf16' ? bfloat16ToFloat32(float32ToBfloat16(values)) : float16ToFloat32(float32ToFloat16(values));
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array) => Buffer.from(buffer, byteOffset, byteLength);

function compareTensor(name: string, expected: Float32Array, found: Float32Array): Difference {
  if (expected.length !== found.length) return { difference: Number.NaN, found: `${name} has another shape` };
  // A hundred million values are mostly the same ones.
  if (bytesOf(expected).equals(bytesOf(found))) return { difference: 0, found: '' };
  const first = expected.findIndex((value, i) => !Object.is(value, found[i]));
  let most = 0;
  let count = 0;
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    const [before, now] = [expected[i] as number, found[i] as number];
    largest = Math.max(largest, Math.abs(before));
    if (Object.is(before, now)) continue;
    count++;
    most = Math.max(most, Math.abs(now - before));
  }
  return {
    difference: most / largest,
    found: `${name}, ${count === 1 ? 'one value' : `${count} values`}, first number ${first}: ${expected[first]} becomes ${found[first]}`,
  };
}

/** Of the rows' own texts. A tokenizer of a program's own is in no folder, and is not exported. */
async function compareIds({ task, examples }: Subject, folder: string): Promise<Difference[]> {
  if (!task.textProcessing) return [];
  const tokenizer = await loadTokenizer(folder);
  const texts = examples.map(({ ids }) => task.tokenizer.decode([...ids], 'start', 'keep'));
  return texts.map((text, row) => {
    const [before, now] = [task.tokenizer, tokenizer].map((one) => one.encode(text, 'start').join(' '));
    const difference = before === now ? 0 : 1;
    return { difference, found: `row ${row + 1} of those that were looked at becomes other ids` };
  });
}
